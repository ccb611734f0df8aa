"""The words of each sign in English, German and Finnish; `cues` tells how they are written."""

from triage.lifecycle.signs import Sign

WEST: dict[str, dict[Sign, str]] = {
    "en": {
        Sign.TROUBLE: (
            "error|fail|wrong|broke|broken|crash|stuck|missing|lost|twice|double|dead$|stop"
            "|timeout|times out|slow|grind|hang|reject|refuse|denied|declin|bounce|invalid"
            "|no longer|gave up|gone|different amount|mixed up|duplicat|empty|blank|freez"
            "|disappear|mismatch|vanish|complain|limit reached|ran out|expired|never arriv"
            "|comes back|bug$|instead of|still say|still show|not valid|out of balance|issue"
            "|problem|incorrect|glitch|corrupt|unexpected|won't load|failing|hung$|delay|blocked"
            "|garbled|not match|out of sync|short by|unpaid|overdue|warning|opens with zero|taken$"
            "|message says|it says|keeps|none|ages$|forever|another client|another customer"
            "|another company|someone else|by accident|accidentally|overwritten|only shows|joke"
            "|waste of time|upside down|blurry|wrong way|leak|exposed|stolen|hacked|fraud"
            "|unknown account|doesn't match|without asking|price increase|overcharged|charged"
            "|unauthorised|unauthorized|useless|terrible|greyed out|grey$|went to|shifted"
        ),
        Sign.CANNOT: (
            "can't|cannot|cant$|doesn't|doesnt|does not|don't work|won't|wont$|will not|isn't|isnt"
            "|is not|aren't|hasn't|hasnt|haven't come|unable|not possible|not let|nothing|didn't"
            "|did not|wasn't|not in the|no transactions|never|couldn't|could not|not able|haven't"
            "|nobody|no one|without any|not working|not showing|no sign|not there|no way"
        ),
        Sign.BUT: "but$|however|yet$|even though|although|still$|despite",
        Sign.WISH: (
            "please|could you|can you|would like|i want|we want|we need|i need|wanted|wish|help me"
            "|looking for|get somebody|get someone|call me|is there a|are there|any way|anyone"
            "|can anyone|i'd like|we'd like|would love|hoping|any idea|advice|let me know|tell me"
            "|tell us|explain|i would like|need to|want to|prefer|suggest|feature request"
            "|wondering|possible to|the best way|how do|i need facts|ring me|pay back|i demand"
            "|look at|want my money|make it|sort it|sort this|correct it|credit us|refund|confirm"
            "|reply to|i expect|want the|want a|we expect"
        ),
        Sign.ASKS: (
            "how|what|which|where|when|why|who|can|could|would|should|shall|do$|does|is$|are$|will"
            "|any$|anything|anybody|has$|have$|call me|call us|send|fix|remove|restore|close"
            "|open it|put|give|show|stop|undo|add|get"
        ),
        Sign.CHANGE: (
            "since|after|moved from|upgraded|updated|migrat|switched|before the|last night"
            "|last week|yesterday|this morning|in the summer|until|used to|an hour ago|reinstall"
            "|last month|last year|recently|on monday|on tuesday|on friday|previously|before that"
            "|started|ever since|changed|new version|when we|new to|just bought|took over|earlier"
            "|now that|overnight"
        ),
        Sign.HAVING: (
            "we have|we use|we pay|we are|i am|i'm|i act|our|my|we run|i use|we've|i've got"
            "|at the minute|currently|there's|year end|the firm|stays|we're|we send|we sell|we do"
            "|we work|we only|i work|i only|mine|the company|the customer|our customer|my boss"
            "|my accountant|they|she|he$|there are|it's a|this is"
        ),
        Sign.TRIED: (
            "i tried|we tried|tried|i've|i have|we already|already|deactivated|checked|restarted"
            "|reinstalled|followed|compared|cleared|somebody|someone|we did|we've|i did|i set"
            "|i changed|i looked|i went|uninstalled|rebooted|turned off|even|reset|re-|set up"
            "|registered|deleted|cancelled|sent|imported|renewed"
        ),
        Sign.STEPS: (
            "when i|if i|click|press|choose|select|open the|type|log in|drag|upload|i open|i go to"
            "|i enter|i pick|i export|i import|go to"
        ),
        Sign.STANDSTILL: (
            "standstill|can't work|cannot work|no invoices|nobody can|no one can"
            "|everything is down|all down|stopped work|out of business|whole company|whole office"
            "|at a halt|no one is able|nobody is able|cannot invoice|can't invoice|cannot trade"
            "|can't pay|cannot pay|grounded|closed until|twiddling|idle|nobody works"
            "|orders are stuck|shop is closed|can't ship|cannot ship|can't serve|phones are"
            "|phone keeps|phones keep|customers are calling|customers keep calling"
            "|everyone is ringing"
        ),
        Sign.PEOPLE: (
            "people|users|staff|employees|customers|clients|drivers|colleagues|depots|stores"
            "|branches|companies|of us|workers|suppliers|tenants|members|sites|offices|shops"
            "|devices|machines|engineers"
        ),
        Sign.DEADLINE: (
            "deadline|by noon|by friday|by monday|by tomorrow|go out on|must leave|is due|due on"
            "|before the audit|this afternoon|end of the month|end of month|this week|next week"
            "|by the end|emergency|as soon as|hours left|quarter end|tomorrow morning|by tonight"
            "|due today|today!|closes today|must be filed|before friday|before monday|per friday"
            "|scheduled for"
        ),
        Sign.STAKES: (
            "wages|salar|payroll|fine$|penalt|hmrc|embarrass|losing|threaten|angry|data breach"
            "|paye|pension|legal|lawyer|solicitor|gdpr|breach|lose|fed up|unacceptable|cash flow"
            "|paid twice|overdraft|outstanding|companies house|ico$|incident|money back"
            "|direct debit|bailiff|court|vat return"
        ),
    },
    "de": {
        Sign.TROUBLE: (
            "fehler|falsch|fehlt|fehlen|abgewiesen|verweiger|stürzt|absturz|abgestürzt|hängen"
            "|hängt|bricht|timeout|zeitüberschreitung|doppelt|zerstört|tot$|weg$|langsam|schickt"
            "|ungültig|blockier|überschreitet|meldung|leer|gestört|abgebrochen|stimmt nicht"
            "|nicht erreichbar|zu groß|auf einmal|meldet|kaputt|verschwunden|problem|komisch"
            "|seltsam|warnung|abgelaufen|duplikat|verloren|leeren|veraltet|verspätet|fehlermeldung"
            "|spinnt|klemmt|hakt|ruckelt|doppelte|unterschied|differenz|null$|abgelehnt|lehnt"
            "|wirft|kommt zurück|nicht angenommen|vergisst|logt|loggt mich aus|verschwindet"
            "|verschwand|ungelesen|defekt|auseinander|fehl$|schlägt|weiße seite|nur noch"
            "|überschrieben|aus versehen|versehentlich|anderer kunden|fremde|durchgesickert"
            "|gestohlen|gehackt|betrug|unbekanntes konto|zu viel|zu wenig|verschwommen|unscharf"
            "|auf dem kopf|unmöglich|passt nicht|passen nicht|witz|kursieren|weiterhin mails"
            "|vertauscht|unverschämt|zweimal|eingefroren|friert|steht immer|gar nicht"
        ),
        Sign.CANNOT: (
            "kann nicht|keine$|keiner|keinen|kein$|geht nicht|funktioniert nicht|nicht mehr"
            "|kommt nicht|nicht möglich|lässt sich nicht|wissen nicht|niemand|nie$"
            "|schaffen das nicht|rückt|konnte nicht|können nicht|nicht gefunden|finde nicht"
            "|nichts$|sehe nicht|lässt mich nicht|wird nicht|werden nicht|ist nicht|sind nicht"
            "|hilft nicht|darf nicht|geht nur|stimmt nicht|ohne erfolg|kein zugriff|klappt nicht"
            "|nicht zu|taucht nicht|keinerlei|weder|unmöglich|nicht durch"
        ),
        Sign.BUT: "aber$|trotzdem|obwohl|dennoch|immer noch|jedoch|doch$",
        Sign.WISH: (
            "bitte|möchte|brauche|brauchen|benötig|wünsch|hätte gern|könnt ihr|könnten sie"
            "|können sie|könntet|gibt es|hilfe|anrufen|angebot|wiederherstellen|muss ich|würde"
            "|würden gern|wollen|sollten|tipp|vorschlag|hätten gern|wie kann|wie geht|wir bitten"
            "|benötigen|möchten|erklären sie|melden sie|rufen sie|ergänz|danke im voraus"
            "|lässt sich|geht das|wie macht|verlang|fordere|sagen sie|teilen sie|geben sie mir"
            "|nachsehen|gutschreiben|erstatt|bestätigen|zurückdrehen|auskunft|bereinigen"
            "|angebot bitte|ich erwarte|wir erwarten"
        ),
        Sign.ASKS: (
            "wie$|was$|warum|wieso|wann|wo$|wer$|welche|wieviel|kann|können|könnt|gibt es|ist$"
            "|muss$|darf|hat jemand|und wie|woran|rufen sie|ruft|schicken|sendet|korrigier|entfern"
            "|wiederherstell|sperren sie|öffnen sie|geben sie|zeigen|antworten|stoppen|lösch|füg"
            "|melden sie|hat wer|weiß jemand|kennt jemand|kann ich|kann man|soll|sollen"
        ),
        Sign.CHANGE: (
            "seit|nach dem|nach der|update|umgestellt|gewechselt|wechsel|gestern|heute früh"
            "|heute morgen|letzte woche|früher|bisher|beim|vorher|nachdem|neulich|kürzlich"
            "|am montag|am freitag|am wochenende|vor einer woche|vergangene|letzten|neue version"
            "|umstellung|begann|angefangen|übernommen|geändert|januar|april|zuletzt|bis vor"
            "|war noch|vorige"
        ),
        Sign.HAVING: (
            "wir haben|wir arbeiten|wir zahlen|wir nutzen|wir sind|ich bin|ich habe|unser|mein"
            "|liegen bei|derzeit|nutzt|betrieb|wir verkaufen|wir machen|wir fahren|ich arbeite"
            "|bei uns|der kunde|die kunden|das ist|es ist|wir senden|steuerberater|chef"
            "|alle unsere|nur$|haben wir|sind wir|hat einen|hat zwei"
        ),
        Sign.TRIED: (
            "habe ich|ausprobiert|versucht|gelöscht|neu gestartet|neu installiert|geprüft|schon"
            "|bereits|verlängert|abgemeldet|gefunden|erste versuch|vermute|haben versucht"
            "|habe versucht|neu angelegt|angelegt|entfernt|neustart|hochgeladen|importiert"
            "|eingetragen|erneuert|kontrolliert|gelesen|deinstalliert|umgestellt|gesendet|probiert"
            "|nachgesehen|eingerichtet"
        ),
        Sign.STEPS: (
            "wenn ich|klicke|drücke|wähle|öffne|melde mich an|gebe ich|beim senden|ich klicke"
            "|ich öffne|ich wähle|ich drücke|beim speichern|beim öffnen|beim drucken|sobald ich"
        ),
        Sign.STANDSTILL: (
            "steht still|stillstand|steht damit|keiner kann|kann niemand|alle standorte"
            "|nichts geht|ohne lohn|können nicht arbeiten|können nicht fakturieren"
            "|können nicht zahlen|keine rechnungen|niemand kommt rein|alles steht"
            "|komplett ausgefallen|ganze firma|ganzer betrieb|betrieb steht|arbeiten unmöglich"
            "|nicht arbeiten|nicht ausliefern|nicht verschicken|produktion steht|kunden rufen"
            "|telefon klingelt|telefone klingeln"
        ),
        Sign.PEOPLE: (
            "leute|benutzer|mitarbeiter|beschäftigte|kunden|personen|fahrer|filialen|geräten"
            "|standorte|kollegen|debitoren|lieferanten|mitglieder|mieter|monteure|büros|verkäufer"
            "|mann$"
        ),
        Sign.DEADLINE: (
            "frist|bis morgen|morgen ist|heute!|abgabe|eilt|zahltag|spätestens|stichtag|fällig"
            "|heute ist|bis freitag|bis montag|schnellstmöglich|heute abend|monatsende|fängt am"
            "|läuft ab|noch heute|stunden zeit|uhr muss|bis heute|vor freitag|heute muss"
            "|muss heute|morgen früh|binnen|innerhalb|notfall|ist für morgen|am donnerstag"
            "|am mittwoch"
        ),
        Sign.STAKES: (
            "lohn$|löhne|gehalt|strafe|mahnung|finanzamt|angst|ärger|peinlich|säumnis|anwalt|dsgvo"
            "|datenschutz|inakzeptabel|frechheit|reicht mir|liquidität|inkasso|verspätungszuschlag"
            "|kündig|kunden beschweren|verärgert|betriebsprüfung|gericht|klage$|polizei|schaden"
            "|kostet uns|exportrechnungen|verzug"
        ),
    },
    "fi": {
        Sign.TROUBLE: (
            "virhe|väärin|väärä|puuttu|kaatu|jumi|hylä|tupla|kahteen kertaan|kaksi kerta|hävin"
            "|katoa|kadon|katken|rikki|pysähty|ei toimi|punainen|outo|roikku|kohdistamatta|kesken"
            "|tyhj|vaurio|hidas|jäi|seis|virheelli|jonossa|ei täsmää|ongelma|vika|vialli|outoa"
            "|varoitus|vanhentu|tuplana|kaksinkertai|lukossa|lukittu|lukkiutu|kadonnut|hävisi"
            "|myöhässä|tökki|bugi|pätki|kaatui|hylkä|palautu|punaise|eri summa|erotus|nolla"
            "|kirjaa ulos|jumittaa|sekaisin|rikkou|jäivät|jumissa|toimimasta|vahingossa"
            "|epähuomiossa|epäselvä|ylösalaisin|valkoinen sivu|ylikirjoit|toisen asiakkaan"
            "|vuotanut|varastettu|hakkeroitu|huijaus|tuntematon tili|liikaa|liian|näyttää vain"
            "|ei voi olla|veloitet|arvail|väärälle|nous|vie ikuisuuden|kestää|harmaana|sekaan"
            "|toisen yhtiön|peräkkäin"
        ),
        Sign.CANNOT: (
            "ei ole|ei voi|ei pääse|ei lähetä|ei näy|ei tule|eivät|en saa|en pääse|emme pysty"
            "|ei saa|en löydä|en huomannut|mitään|eikä|ei onnistu|ei käynnisty|ei löydy|ei anna"
            "|emme tiedä|en voi|en pysty|ei päivity|ei löydä|ei vastaa|ei auta|emme pääse|emme saa"
            "|emme voi|emme löydä|ei mene|ei hyväksy|ei avaudu|ei synny|ei siirry|ei enää|eikö"
            "|ei ollut|ei ole tullut|ei saada|ei oo|ei kirjaudu|enkä|emmekä|ei mitään"
        ),
        Sign.BUT: "mutta$|silti|vaikka|edelleen|kuitenkin|yhä$",
        Sign.WISH: (
            "haluan|haluaisi|haluamme|haluaa|toivon|toivo|pyydä|tarvits|pitäis|apua|auttakaa"
            "|voisiko|voisitte|kiitos jos|soitta|voiko|saako|vaatii että|onko tähän|onko jokin"
            "|onko kukaan|voiko joku|voitteko|voisi|toivomme|ehdot|tahdo|kaipa|neuvo|kertokaa"
            "|selitys|selittäkää|lisätkää|korjatkaa|palauttakaa|kannattaa|saisiko|olisi hyvä"
            "|miten saa|haluttaisi|pitäisi|tarkistamaan|ottakaa|vaadin|vaadimme|antakaa|katsoa"
            "|hyvittä|vahvistakaa|soittakaa|korvaus|selvitys|pyydämme|tarvitsen|odotan|halusin"
        ),
        Sign.ASKS: (
            "miten|mikä|mitä|missä|mistä|mihin|milloin|miksi|kuka|onko|voiko|saako|voinko|pitääkö"
            "|tuleeko|kuluuko|millä|montako|kuinka|siirtyykö|saanko|tarvitseeko|mitkä|soittakaa"
            "|soita|lähettäkää|korjatkaa|poistakaa|palauttakaa|avatkaa|sulkekaa|antakaa|vastatkaa"
            "|pysäyttäkää|perukaa|lisätkää|ottakaa|auttakaa|tietääkö|tarkistakaa|kertokaa"
        ),
        Sign.CHANGE: (
            "jälkeen|päivity|päivitin|päivitys|vaihdoi|vaihtui|eilen|yöllä|viime|viikonlop|alkoi"
            "|muutimme|muutamme|vaihdamme|ostimme|palautimme|ennen|siitä asti|lähtien|vanha$"
            "|sitten$|äskettäin|hiljattain|maanantaina|perjantaina|aamulla|tänä aamuna|uusi versio"
            "|aloitimme|aloitti|siirryimme|vaihdettiin|tammikuu|huhtikuu|aikaisemmin|aiemmin"
            "|muuttui|päivitettiin|viikko sitten|kuukausi"
        ),
        Sign.HAVING: (
            "meillä|minulla|käytämme|käytössä|maksamme|meidän|olemme|olen$|saimme|sopimus"
            "|on edelleen|meillä on|myymme|teemme|työskentele|asiakkaa|kyseessä|se on|tämä on"
            "|lähetämme|kirjanpitäjä|pomo|kaikki$|vain$|on käytössä|minä|me $|toimimme"
        ),
        Sign.TRIED: (
            "yritin|kokeil|olen jo|tein$|asens|avasin|otin|poisti|käynnistin|uudelleenkäynn"
            "|tehtiin|lataan|poistettu|olemme jo|kokeiltu|yritetty|poistin|lisäsin|vaihdoin"
            "|lähetin|lähetimme|kirjauduin|rekisteröi|toin$|uusin$|tarkastin|luin|asetin|muutin"
            "|latasin|allekirjoit"
        ),
        Sign.STEPS: (
            "kun painan|painan|klikkaan|valitsen|avaan|kirjaudun|kun yritän|syötän|kun avaan"
            "|kun valitsen|menen|siirryn|kun lähetän|kun tallennan"
        ),
        Sign.STANDSTILL: (
            "koko talo|seisoo|seis$|ei pääse töihin|kukaan ei pääse|kaikki pysähty"
            "|emme voi laskuttaa|emme voi maksaa|kukaan ei|mikään ei toimi|koko yritys"
            "|koko toimisto|täysin jumissa|kaikki seis|työt seisoo|ei voida laskuttaa|puhelin soi"
            "|asiakkaat soitt"
        ),
        Sign.PEOPLE: (
            "käyttäjää|henkeä|työntekijää|asiakasta|ihmistä|henkilöä|toimipiste|myymälä|kuljettaja"
            "|hlöä|toimittaja|jäsentä|laitetta|toimistoa|asentajaa|myyjää|vuokralai|hengen"
        ),
        Sign.DEADLINE: (
            "huomenna|kiire|viimeistään|määräaika|klo$|mennessä|eräpäivä|perjantaina|maanantaina"
            "|kiireelli|mahdollisimman pian|välittömästi|illalla|kuunvaihte|viimeinen päivä"
            "|erääntyy|ehdi|ennen perjantai|ennen maanantai|tänään viimei|on tänään|pitäis antaa"
            "|pitää antaa|huomiseksi|palkat on|hätätilan|torstaina|keskiviikkona"
        ),
        Sign.STAKES: (
            "palkka-ajo|palkat|palkka$|sakko|verottaja|reklamaatio|tietovuoto|myöhästymis|palkan"
            "|palkkoja|asianajaja|gdpr|tietosuoja|kohtuuton|kyllästy|maksuhäiriö|perintä"
            "|verohallinto odott|noloa|veronkorotus|veronkorotu|juristi|ulosotto|kuluttaja|poliisi"
            "|maksoi meille"
        ),
    },
}
