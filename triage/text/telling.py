"""The signs of talk about contracts, prices agreed on, and security, in six languages.

In: nothing. Out: SIGNS: patterns for texts in lower case, by name.
Not here: what they weigh (confidential).
"""

_OUR = r"(?:our|my|vår|vårt|våra|vores|vore?s|unser\w*|mein\w*|meidän|mitt|min)"
_CONTRACT = (
    r"(?:contracts?|agreements?|(?<!payment )(?<!in )terms(?! of (?!our))|renewal|avtal(?:et|ets"
    r"|en|ene)?"
    r"|kontrakt(?:et|en|er)?|aftalen?|sopimu\w+|vertrag\w{0,3}"
    r"|nachtrag\w{0,2}|villkor(?:en)?|vilkår(?:ene|ene)?|appendix \w|bilaga \w|vedlegg \w|liite \d)"
)
_PRICE = (
    r"(?:pric(?:e|es|ing)|(?<!exchange )rates?|discounts?|rebates?|fees?|quotes?|priset|priserna"
    r"|pris(?:er|en|ene|erne)?"
    r"|rabatt?(?:en|er)?|rabat(?:ten)?|avgift(?:en)?|hin(?:ta|nan|nat|taa|noista|nalla|nasta)\w*"
    r"|alennu\w+"
    r"|preise?s?|rabatte?|nachlass|gebühr(?:en)?|kickback|sats)"
)
# Parts of the product in which prices and agreements are kept: a question of how to.
_PARTS = (
    r"(?:field|column|form|module|tab|report|list|template|line|screen|page|dialog|setting|import"
    r"|export|print"
    r"|fält(?:et)?|kolumn\w*|formulär\w*|modul\w*|flik\w*|rapport\w*|prislist\w*|mall\w*"
    r"|rad(?:en)?|inställning\w*"
    r"|felt(?:et)?|kolonne\w*|skjema\w*|fane\w*|innstilling\w*|mal(?:en)?|linje\w*|indstilling\w*"
    r"|skabelon\w*"
    r"|kent\w+|sarake\w*|lomak\w+|moduuli\w*|välileh\w+|raport\w+|hinnasto\w*|asetu\w+|rivi\w*"
    r"|pohja\w*"
    r"|feld\w*|spalte\w*|formular\w*|modul\w*|reiter\w*|bericht\w*|preisliste\w*|vorlage\w*"
    r"|zeile\w*|einstellung\w*)"
)

SIGNS: dict[str, str] = {
    "our_contract": (
        rf"\b{_OUR} (?:\w+ ){{0,2}}{_CONTRACT}\b|\b{_CONTRACT} (?:vår|vårt|våra|vores|mitt|min)\b"
        r"|sopimukse(?:mme|ni|stamme|ssamme|llamme)\w*"
        r"|(?:in|per|under|according to|enligt|ifølge|iflg\.?|jf\.?|laut|gemäß|im|in unserem)"
        rf" (?:the |our |vår[at]? |vårt |unserem |dem )?{_CONTRACT}\b|sopimuk(?:sen mukaan|sessa)"
        rf"|\b(?:we have|our|vi har|meillä|wir haben)\b[^.?!\n]{{0,40}}\b{_CONTRACT}\b"
    ),
    "subscription": rf"\b(?:{_OUR} )?(?:subscriptions?|abonnemang\w*|abonnement\w*|tilauks\w+mme"
    "|abo)\b",
    "contract": rf"\b{_CONTRACT}\b",
    "our_price": (
        rf"\b{_OUR} (?:\w+ ){{0,2}}{_PRICE}\b|\b{_PRICE} (?:vår|vårt|våra|vores|mitt|min)\b"
        rf"|hintamme|hinnallamme"
        r"|\b(?:we|vi|wir|me|i|you|ni|dere|sie|ihr)\b (?:currently |now )?(?:pay|charge us"
        r"|betaler|betalar|zahlen"
        r"|maksamme|fakturerar|har debiterat|fakturerer|verlangen|bezahlen)\b"
        rf"|\b(?:discount|price|rate|rebate|deal|rabatt?|pris|preis|alennus|hinta|nachlass"
        rf"|rabatte?)\b[^.?!\n]{{0,30}}"
        r"\b(?:do we|can we|would we|we (?:get|have|had|pay|got)|for us|have vi|har vi|får vi"
        r"|kan vi|vi fick|vi fikk|vi fik"
        r"|meillä|saamme|saammeko|haben wir|bekommen wir|bekämen wir|für uns)"
        r"|\b(?:do we|can we|kan vi|får vi|saammeko|bekommen wir|können wir)\b[^.?!\n]{0,30}"
        rf"\b{_PRICE}\b|prisgaranti|preisgarantie|hintatakuu|price guarantee|listpris|list price"
    ),
    "price": rf"\b{_PRICE}\b",
    "per_seat": (
        r"(?:\d|more|extra|weitere|zusätzliche|flere|fler|till?|lisä)\s?(?:seats?|users?"
        r"|licen[cs]es?|places?|platser?|plasser"
        r"|pladser|användare|brukere|brugere|licenser|lisenser|paikkaa|paikasta|käyttäjä\w*"
        r"|lisenssi\w*|lisäpaikasta"
        r"|plätze|benutzer|nutzer|lizenzen)\b|per (?:seat|user|plats|bruker|plass|måned|year"
        r"|month)|pr\.? (?:bruger|bruker|plads)"
        r"|per paikka|paikkahin\w+|je platz|pro (?:platz|benutzer|monat)|staffelpreis|styckpris"
    ),
    "raised": (
        r"(?:pric\w+|fees?|rates?|pris\w*|hin\w+|preis\w*|indexation|renewal|tilbud\w*"
        r"|angebot\w*)[^.?!\n]{0,40}(?:increase\w*|raise[ds]?|rise"
        r"|went up|up by|höj\w+|øk\w+|hæv\w+|stig\w+|nous\w+|korotu\w+|erhöh\w+|steigen|gestiegen"
        r"|sat op|satt opp|sætte\w* op)"
        r"|(?:raised?|increas\w+|höjt|økt|hævet|satt opp|sat|nostitte"
        r"|erhöht)[^.?!\n]{0,25}(?:pric\w+|pris\w*|hin\w+|preis\w*|abonnement)"
        r"|prisökning|prishöjning|prisøkning|prisstigning|prisforhøjelse|hinnankorotu\w+"
        r"|preiserhöhung|price (?:increase|hike)"
    ),
    "bargain": (
        r"renegotiat\w+|negotiat\w+|(?:om)?förhandl\w+|(?:re|gen)?forhandl\w+|neuvotel\w+|(?:nach"
        r"|ver)?verhand\w+"
        r"|(?:sign|commit|bind|renew|deal|förläng|verläng|forny|forlæng|jatk"
        r"|laufzeit)\w*[^.?!\n]{0,40}"
        r"(?:three|five|two|3|5|2|tre|fem|två|to|kolme\w*|viide\w*|drei|fünf|zwei)[ -](?:years?"
        r"|år|års|vuot\w+|vuode\w+|jahre\w*)"
        r"|(?:three|five|two|3|5|2|tre|fem|två|to|kolme\w*|viide\w*|drei|fünf|zwei)[ -](?:years?"
        r"|år|års|vuot\w+|vuode\w+|jahre\w*) (?:deal|contract|laufzeit|avtal\w*|kontrakt\w*)"
        r"|better (?:price|rate|deal)|bedre pris|bättre pris|parem\w+ hin\w+|besseren preis"
        r"|binder oss|binder os\b|sitoud\w+|uns [^.?!\n]{0,15}binden|commit (?:to"
        r"|for) (?:\w+ ){0,2}years"
    ),
    "offer": (
        r"\b(?:offert|pristilbud|prisoverslag|kostnadsförslag|tarjou\w+|anbud)\b|\bquot(?:e"
        r"|ation)s?\b"
        r"|(?:få|give|gi|ge|antaa|machen|send\w*|bekommen|saada|make)\b[^.?!\n]{0,25}\b(?:tilbud"
        r"|angebot|offer|offert|quote|tarjou\w+|proposal)\b"
    ),
    "leave": (
        r"terminat\w+ (?:(?:our|the|my|this) )?(?:contract|agreement|subscription|licen[cs]e)"
        r"|(?:contract|agreement)[^.?!\n]{0,20}terminat\w+|notice of termination|notice period"
        r"|how much notice|cancel (?:(?:our|my|the) (?:\w+ )?(?:contract|subscription|agreement"
        r"|plan|licen[cs]es?)|portal|\w+ only)|early exit|get out early|leave before|contract ends"
        r"|uppsägning\w*|säga upp|avsluta (?:abonn|avtal)\w*|lämna i förtid|oppsigelse\w*|si opp"
        r"|sier opp|bindingstid|ut av (?:kontrakt|avtal)\w*|før (?:tiden|tid)\b"
        r"|opsigelse\w*|opsige\w*|ud af (?:aftal|kontrakt)\w*|irtisano\w+|lopetamme sopimu\w+"
        r"|ennen aikojaan|sopimus irtoaa"
        r"|kündig\w+|ausstieg aus|vor ablauf|\bbindung(?:szeit)?\b"
    ),
    "hush": (
        r"confidential\w*|between us|keep (?:this|it) (?:private|quiet)|not (?:be )?(?:public"
        r"|shared)|discreet\w*|secretly|not yet public"
        r"|konfiden[ts]i\w+|får inte sprid\w+|inte spridas|förtrolig\w*|diskret\w*|fortrolig\w*"
        r"|ikke (?:offentlig\w*|del\w+ videre)|mellom oss|mellem os"
        r"|luottamuksel\w+|salassa|ei saa levitä|ei ole tarkoitettu muille|vertraulich\w*"
        r"|nicht öffentlich|unter uns|\bgeheim\w*|skriv ikke \w+ offentligt"
    ),
    "bought": (
        r"(?:be|being|get|is) acquired|acquisition of|acquire a competitor|take ?over"
        r"|taking over a|merger|köpa upp|uppköp\w*|kjøpt opp|oppkjøp\w*|opkøb\w*|ostamassa"
        r"|yritysosto|fuusio"
        r"|übernehmen zum|werden übernommen|übernahme|being sold|säljs|selges"
    ),
    "hole": (
        r"vulnerabilit\w+|security (?:hole|flaw|issue|bug|breach|incident)|\b(?:an exploit"
        r"|exploited|exploitable)\b|\bcve-\d|sql injection|\bxss\b|penetration test\w*|pentest\w*"
        r"|sårbarhet\w*|sårbarhed\w*"
        r"|säkerhetshål\w*|säkerhetsbrist\w*|sikkerhetshull\w*|sikkerhedshul\w*"
        r"|sikkerhedsbrist\w*|haavoittuvuu\w+|tietoturva-?auk\w+|murtotestau\w+"
        r"|sicherheitslücke\w*|schwachstelle\w*"
    ),
    "breach": (
        r"\b(?:hacked|gehackt|hacket|hackat|hackade|hakkeroitu)\b|(?:data|security|privacy"
        r"|gdpr) (?:breach|leak)\w*|breached\b"
        r"|(?:data|information|customer|credential|password|personal)\w* (?:\w+ ){0,3}leak\w*"
        r"|leak\w* (?:of )?(?:\w+ ){0,2}(?:data|customer|credential|personal)\w*"
        r"|(?:account|system|server|credential)\w* (?:\w+ ){0,3}compromised|ransomware|phish\w*"
        r"|malware|stolen (?:data|credentials)|logins? from abroad|suspicious login"
        r"|läck(?:t|er|a|age)\w*|intrång\w*|obehörig\w*|utpressning\w*|dataintrång|lekkasje\w*"
        r"|lekket|brutt seg inn|innbrudd|uvedkommende|uautorisert\w*|lækket|læk(?:age|ker)\w*"
        r"|indbrud\w*|uvedkommende"
        r"|vuoto\w*|vuotan\w+|murtautu\w+|tietomur\w+|kiristys\w*|datenleck\w*|datenpanne\w*"
        r"|datenschutzvorfall\w*|unbefugt\w*|erpress\w+|personuppgiftsincident\w*"
        r"|(?:copied|kopierat|kopierte|kopierede|kopioi\w*|kopiert)[^.?!\n]{0,20}(?:customer|kund"
        r"|asiaka)\w*"
    ),
    "others_data": (
        r"(?:see|read|access|open|view)\w*[^.?!\n]{0,30}(?:another|other"
        r"|someone else'?s?)[^.?!\n]{0,14}(?:customer|client|tenant|compan|user|people)\w*"
        r"|(?:ser|se|kom åt|får opp|öppna|åpne|åbne|læse)\b[^.?!\n]{0,25}(?:annan|andra|en annen"
        r"|annens?|andres?|andre|anden|en andens?)[^.?!\n]{0,10}(?:kund|företag|firma|selskap"
        r"|virksomhed)\w*"
        r"|(?:näkee|näen|näkyy|pääs\w+)\b[^.?!\n]{0,25}(?:toisen|muiden"
        r"|toisten)[^.?!\n]{0,10}(?:asiakka|yrity)\w*"
        r"|(?:sieht|sehe|sehen|lesen)\b[^.?!\n]{0,30}(?:ander\w+|fremd\w+)[^.?!\n]{0,10}(?:kund"
        r"|firm|mandant|unternehm)\w*"
        r"|(?:invoice|faktura|lasku|rechnung)\w*[^.?!\n]{0,50}(?:wrong customer|fel kund"
        r"|feil kunde|forkert kunde|konkurren\w+|competitor|väärälle asiakka|kilpailij\w+"
        r"|mitbewerber)"
    ),
    "processing": (
        r"data processing agreement|\bdpa\b|processor agreement|sub-?processors?"
        r"|personuppgiftsbiträdesavtal|biträdesavtal\w*|databehandleravtal\w*|databehandleraftal\w*"
        r"|underleverand\w+|käsittelysopimu\w+|alihankkij\w+|auftragsverarbeit\w+|av-vertrag"
        r"|unterauftragnehmer\w*|tietoturvakysely\w*|security questionnaire|lawyers?\b|juristen"
        r"|anwalt"
    ),
    "parts": rf"\b{_PARTS}\b|\w+(?:fält(?:et)?|felt(?:et)?|feld|kenttä|modul(?:en|et|e)?|moduuli"
    "|list[ae]n?|liste)\b",
    "how_to": (
        r"how (?:do|can|would) (?:i|one|you)|where (?:do|can) i|which code|hur (?:gör|skapar"
        r"|lägger|skriver|ändrar|förnyar|ställer)|var (?:ser|ändrar|ställer|hittar)"
        r"|hvordan (?:legger|lager|skriver|endrer|fornyer|setter|opretter|udskriver|gør|ændrer"
        r"|laver|får)|hvor (?:endrer|ændrer|finner|finder|ser)"
        r"|miten (?:lisään|teen|tulostan|uusin|muutan|luon)|mistä (?:muut|löyd)\w+|wie (?:lege"
        r"|erstelle|drucke|erneuere|ändere|kann|stelle|erfasse)|wo (?:ändert|finde|stelle)"
    ),
    "customers_own": (
        r"(?:for|till|for|til|för|für|an|of|with|to) (?:a |an |one |the |en |et |ett |einen "
        r"|einem |eine |each |every )?(?:customer|kund(?:e|en|er|egrupp\w*|grupp\w*|egruppe\w*"
        r"|engruppe\w*)?|client|debtor)"
        r"|asiakasryhm\w+|asiakkaalle|webshop|coupon|woo\b|kupong|rabattkod\w*"
        r"|on the (?:printed )?invoice|på (?:fakturan|fakturaen|fakturautskriften|ordern"
        r"|orderraden|ordrelinjen)|laskulla|auf der (?:gedruckten )?rechnung"
    ),
}
