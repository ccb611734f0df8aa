"""The words of each sign in Swedish, Norwegian and Danish; `cues` tells how they are written."""

from triage.lifecycle.signs import Sign

NORTH: dict[str, dict[Sign, str]] = {
    "sv": {
        Sign.TROUBLE: (
            "fel$|felaktig|krasch|stopp|försvunn|saknas|saknar|dubbel|dubbl|hänger|nekas|avvis"
            "|stämmer inte|tom$|tomt|trasig|fastn|ogiltig|bryts|långsam|timeout|retur|konflikt"
            "|krock|unauthorized|strul|sluta fung|slutat fung|nekad|fungerar ej|misslyck|trots att"
            "|dyker inte|limit|problem|bugg|konstig|hänger sig|dubblerade|försvann|felmeddelande"
            "|varning|krånglar|trasigt|låst|spärr|saknade|ur synk|hakar|seg$|segt|inaktuell|tappat"
            "|tappar|släpar|fastnar|obetald|kommit bort|nolla|blank|diff|utgått|gick ut|gått ut"
            "|annans|annat företags|andras|trög|stannar på|oläslig|suddig|upp och ner|av misstag"
            "|råkade|skrivits över|läckt|stulen|hackad|bedrägeri|okänt konto|ändå ny|trots uppsäg"
            "|debiterad|för mycket|för lite|visas bara|skämt|inte gamla|grynig|klagar|ligger kvar"
            "|lurad|obehörig|räknefel|multiplicer"
        ),
        Sign.CANNOT: (
            "inte att|kan inte|kan ej|går inte|går ej|kommer ej|kommer inte|får inte|hittar inte"
            "|finns inte|inga$|ingen$|inget$|ser inget|vill inte|bara få|varken|aldrig|syns inte"
            "|fungerar inte|funkar inte|ej fram|vägrar|inte in$|kom inte|gick inte|kunde inte"
            "|kunnat|kan man inte|inte alls|utan att få|hjälper inte|får inga|får ingen"
            "|dyker aldrig|har inte|är inte|stämmer ej|ser inte|inte ens"
        ),
        Sign.BUT: "men$|ändå|trots|fastän|fast$|däremot|fortfarande",
        Sign.WISH: (
            "vill|skulle vilja|önskar|snälla|tack för|tacksam|behöver|hjälp|kan ni|går det att"
            "|måste vi|måste rätta|måste någon|någon måste|ber om att|dra tillbaka|har någon"
            "|finns det|önskemål|vill ha|vill ni|förslag|tips|undrar|gärna|be om|skulle behöva"
            "|behöver veta|finns möjlighet|lägg till|ordna|rätta|åtgärda|återkom|förklara"
            "|hur gör man|kräver|vi måste få|skriftligt|besked|ge mig|ge oss|titta på|återbetal"
            "|kreditera|bekräfta|vill jag|jag vill|vi vill|någon vill|jag förväntar"
        ),
        Sign.ASKS: (
            "hur|vad|var$|varför|när|vilken|vilket|vilka|vem|kan ni|kan man|går det|finns det"
            "|är det|måste|ska$|får|någon som|ring$|skicka|rätta|ta bort|återställ|stäng|öppna|ge$"
            "|visa|svara|behandla|stoppa|ångra|lägg|fixa|kontakta|får vi|får jag|har ni|har någon"
            "|kan vi|kan jag|kan du|ska vi"
        ),
        Sign.CHANGE: (
            "sedan|sen$|efter|uppgrader|uppdater|bytt|byter|började|i går|igår|i natt|i morse"
            "|förra|förrgår|tidigare|nyss|precis|när vi|slog ihop|denna vecka|fusion|förut|sist$"
            "|i fredags|i måndags|i helgen|i går kväll|sedan dess|i samband|därefter|innan$"
            "|nyligen|uppdaterade|ny version|i april|i januari|slutade|tog över|ändrade"
        ),
        Sign.HAVING: (
            "vi har|vi betalar|vi skickar|vi använder|jag är|jag har|jag e$|vår|vårt|våra|min$"
            "|mitt|vi är|vi säljer|är inte stäng|vi kör|vi jobbar|vi fakturerar|jag sköter"
            "|jag jobbar|hos oss|hos mig|vi bara|kunden|kunderna|det är|det står|vi brukar|man har"
            "|vi var|alla våra|ligger i"
        ),
        Sign.TRIED: (
            "har prövat|provat|testat|har läst|läst in|fyllt i|har redan|redan|startat om"
            "|installerat om|försökt|kontrollerat|loggen säger|läste på|har försökt|jag testade"
            "|vi testade|jag gjorde|tog bort|lade in|lagt in|lagt upp|stängt av|bytte|skickat"
            "|raderat|importerat|signerat|loggat|kollat|letat|ställt in"
        ),
        Sign.STEPS: (
            "när jag|klickar|trycker|väljer|öppnar|loggar in|går in|jag går till|jag öppnar"
            "|jag väljer|jag trycker|man trycker|jag klickar|jag skriver"
        ),
        Sign.STANDSTILL: (
            "hela företaget|står still|ingen kan jobba|kan inte jobba|alla är ute|ligger nere"
            "|kan ingen|ingen av|produktionen|kan inte fakturera|kan inte betala|inget går"
            "|ligger ner|alla är låsta|kommer inte åt något|helt stopp|stillestånd|hela kontoret"
            "|hela bolaget|folk ringer|kunder ringer|kunderna ringer|telefonen går"
        ),
        Sign.PEOPLE: (
            "användare|anställda|personer|kunder|medarbetare|montörer|butiker|chaufförer|kollegor"
            "|man$|företag|pers$|leverantörer|förare|hyresgäster|medlemmar|filialer|säljare"
        ),
        Sign.DEADLINE: (
            "innan kl|i morgon|imorgon|brådskande|deadline|förfaller|ska till banken|på fredag"
            "|på måndag|bråttom|så fort|månadsskifte|sista dag|börjar på|hinner|ikväll|idag annars"
            "|senast idag|i dag annars|måste in|ska vara klar|innan fredag|före fredag|före kl"
            "|före 1|ska köras|betalas i dag|senast$|nödläge|på torsdag|på onsdag|på tisdag"
        ),
        Sign.STAKES: (
            "lönefil|lön$|böter|skatteverket|hotar|väntar på|pinsam|förseningsavgift|arga"
            "|betala alls|momsdeklaration|sekretess|vite|skattetillägg|myndighet|jurist|advokat"
            "|gdpr|dataskydd|oacceptabelt|tröttnat|likviditet|incident|inkasso|kronofogden"
            "|bolagsverket|imy$|arn$|stämning|dröjsmål|moms ska|lönerna"
        ),
    },
    "nb": {
        Sign.TROUBLE: (
            "feil|stopp|krasj|mangl|dobbel|dobbelt|to ganger|avvis|heng|ødelagt|galt|borte|tom$"
            "|tomt|rødt|timeout|treg|sperr|gir 404|avbrutt|låst|går ned|forsvun|forsvant|liggende"
            "|ugyldig|avvik|henger|mistet|stemmer ikke|full$|ingen trans|problem|rart|merkelig"
            "|advarsel|tregt|sakte|utløpt|duplikat|dobbelte|doble|låser|tapt|slettet seg|blankt"
            "|forsinket|purring|feilmelding|krøll|rot$|tull|stopper|går ut|utgått|ubetalt"
            "|henger etter|logger ut|uskarp|forferdelig|hvit side|gir 5|overskrevet|ved et uhell"
            "|ved en feil|andres|annens|lekket|stjålet|hacket|svindel|ukjent konto|krevd for mye"
            "|for mye|for lite|opp ned|bare viser|sirkus|to filer|purret|krediterer|fryser|spriker"
            "|uvedkommende|lukkes"
        ),
        Sign.CANNOT: (
            "ikke$|kan ikke|går ikke|får ikke|kommer ikke|ingen$|ikke frem|verken|får bare"
            "|virker ikke|fungerer ikke|finner ikke|starter ikke|aldri|ikke åpnes|nekter|lenger"
            "|fikk ikke|kom ikke|kunne ikke|gikk ikke|vises ikke|finnes ikke|mangler|ser ikke"
            "|hjelper ikke|vil ikke|er ikke|har ikke|ingenting|stemmer ikke|umulig|lar seg ikke"
            "|kjenner ikke|ikke kjenner"
        ),
        Sign.BUT: "men$|likevel|selv om|fortsatt|fremdeles|enda$",
        Sign.WISH: (
            "ønske|vil ha|vil gjerne|vær så|vennligst|trenger|hjelp|kan dere|skal jeg|må vi|må jeg"
            "|går det an|finnes det|noen som|ønsker|kunne tenke|lurer|tips|forslag|kan noen"
            "|hadde vært|gjerne|fortell|forklar|legg til|ordne|rette|trenger å|mulig å"
            "|er det mulig|hvordan gjør|krever|må få|ring meg|gi meg|gi oss|se på|råd om|refunder"
            "|krediter oss|bekreft|vi vil|jeg vil|sperre|sperr|dere må|jeg forventer"
        ),
        Sign.ASKS: (
            "hva|hvorfor|hvor|når$|hvilken|hvilke|hvem|kan dere|kan man|går det|finnes det|er det"
            "|må vi|må jeg|skal jeg|skal vi|får jeg|og kan|og hva|noen som|ring$|send|rett$|fjern"
            "|gjenopprett|steng|åpne|gi$|vis$|svar|stopp|angre|legg til|fiks|kontakt|ta kontakt"
            "|har noen|har dere|kan vi|kan jeg|kan det|bør"
        ),
        Sign.CHANGE: (
            "siden|etter|oppgrader|oppdater|byttet|før$|i går|i natt|i dag|forrige|sist|tidligere"
            "|nylig|for en uke|lørdag|mandag|fredag|etter at|i helgen|siste uke|siden sist"
            "|oppdaterte|ny versjon|startet|begynte|tok over|endret|i januar|i april|torsdag"
            "|onsdag|tirsdag|søndag|pleide|da vi|forleden"
        ),
        Sign.HAVING: (
            "vi har|vi bruker|vi betaler|avtalen|jeg er|jeg har|vår|vårt|våre|min$|mitt|bruker"
            "|bokføres|vi er|vi selger|vi kjører|vi driver|jeg jobber|hos oss|kunden|kundene"
            "|det er|det står|vi sender|vi fører|regnskapsfører|sjefen|alle våre|bare$"
        ),
        Sign.TRIED: (
            "har prøvd|prøvd|har slettet|slettet|lagt inn|lagt meg|har sammenlignet|testet"
            "|startet på nytt|installert|kontrollert|sjekket|allerede|beholdt|ser ut som|satt opp"
            "|har forsøkt|har lagt|har sendt|har byttet|fjernet|logget ut|restartet|meldt"
            "|registrert|importert|fornyet|har sjekket|leste|har lest|avinstallert|opprettet"
            "|la inn"
        ),
        Sign.STEPS: (
            "når jeg|når vi|når de|klikker|trykker|velger|åpner|skriver|logger|taster|knipser"
            "|kobler jeg|jeg trykker|jeg åpner|jeg velger|jeg går til|går inn|vi trykker"
        ),
        Sign.STANDSTILL: (
            "ingen kan jobbe|får ikke jobbet|stille|ligger nede|ansatte står|stopper opp"
            "|alle er ute|får ikke fakturert|får ikke betalt|ingen kommer inn|alt står|helt stopp"
            "|kan ikke jobbe|hele firmaet|stanset|alle er låst|ikke jobbe|nede for oss|varemottak"
            "|folk ringer|kunder ringer|kundene ringer|telefonen går"
        ),
        Sign.PEOPLE: (
            "ansatte|brukere|kunder|personer|butikker|kolleger|sjåfører|mann$|leietakere"
            "|avdelinger|leverandører|medlemmer|enheter|kontorer|filialer|montører|selgere"
        ),
        Sign.DEADLINE: (
            "frist|innen|i morgen|haster|senest|skal kjøres|kl 12|straks|med en gang|til fredag"
            "|til mandag|snarest|så fort|umiddelbart|akutt|i kveld|månedsslutt|begynner|forfall"
            "|rekker|starter mandag|hastesak|går i morgen|må inn|skal være klar|skal inn"
            "|før fredag|lønna går|kl. 1|krise|på torsdag|på onsdag|fristen"
        ),
        Sign.STAKES: (
            "lønn|bøter|skatteetaten|flaut|truer|purrer|brønnøysund|sint|taushetsplikt|gebyr"
            "|tilleggsskatt|mva-melding skal|advokat|gdpr|personvern|uakseptabelt|likvid|inkasso"
            "|datatilsyn|altinn sier|minus|nav$|forsinkelsesrente|rettssak|likviditet"
        ),
    },
    "da": {
        Sign.TROUBLE: (
            "fejl|stopp|crash|mangl|dobbelt|to gange|afvis|hæng|sidder fast|forkert|væk$|tom$|tomt"
            "|retur|timeout|evighed|langsom|døde|dør$|går i stå|gik i stå|gået tabt|ubalance"
            "|matcher ikke|uidentific|ligger i kø|i kø|forsvund|ugyldig|uenighed|i stykker"
            "|springes|stemmer ikke|problem|underlig|mærkelig|advarsel|udløbet|dublet|dobbelte"
            "|låst|spærret|tabt|blank|forsinket|rykker|fejlbesked|fejlmelding|roder|driller|kludr"
            "|går ned|logger ud|falder ud|hakker|ubetalt|hænger|afvist|nul$|differ|på tværs|sløret"
            "|uskarp|hvid side|overskrevet|ved en fejl|ved et uheld|andres|lækket|stjålet|hacket"
            "|svindel|ukendt konto|opkrævet|for meget|for lidt|viser kun|ødelagt|lort|hverken"
            "|låst forkert|for tidligt|findes allerede|totallinj|fryser|uvedkommende|lukker ned"
            "|venter stadig"
        ),
        Sign.CANNOT: (
            "ikke$|kan ikke|kan kun|vil ikke|ikke tage|ingen$|får den retur|aldrig|virker ikke"
            "|kommer ikke|dannes ikke|bliver ikke|findes ikke|finder ikke|hverken|umulig"
            "|vises ikke|forfra|fik ikke|kom ikke|kunne ikke|gik ikke|ses ikke|mangler|ser ikke"
            "|hjælper ikke|er ikke|har ikke|intet|stemmer ikke|lader sig ikke|må ikke|kan man ikke"
            "|får ikke|falder ikke|ikke selv|uden at kunne"
        ),
        Sign.BUT: "men$|alligevel|selvom|stadig|dog$",
        Sign.WISH: (
            "vil gerne|vil have|ønske|venligst|brug for|hjælp|kan i$|findes der|nogen der|skal jeg"
            "|er der nogen|forklar|ønsker|kunne tænke|undrer|tip|forslag|kan nogen|hellere|gerne"
            "|fortæl|tilføj|ordne|rette|skal bruge|muligt|er det muligt|hvad gør|hvordan gør|bedes"
            "|må jeg bede|genskab|kræver|jeg vil|vi vil|vi skal have|jeg skal have|giv mig|giv os"
            "|se på|kigge|råd om|refunder|krediter os|bekræft|kompensation|i skal|jeg forventer"
        ),
        Sign.ASKS: (
            "hvad|hvorfor|hvor|hvornår|hvilken|hvilke|hvem|kan i$|kan man|findes der|er det"
            "|skal jeg|skal vi|må jeg|nogen der|og hvad|ring$|send|ret$|fjern|gendan|luk$|åbn|giv"
            "|vis$|vise$|svar|stop$|fortryd|tilføj|fiks|kontakt|har nogen|har i$|kan vi|kan jeg"
            "|bør"
        ),
        Sign.CHANGE: (
            "siden|efter|opdater|opgrader|skift|i går|i nat|i weekenden|sidst|før$|tidligere"
            "|lige før|plejer|efter at|for nylig|i mandags|i fredags|sidste uge|siden sidst"
            "|opdaterede|ny version|startede|begyndte|overtog|ændrede|i januar|i april|i morges"
            "|da vi|forleden|før i tiden|forrige"
        ),
        Sign.HAVING: (
            "vi har|vi bruger|vi betaler|vi er|jeg er|jeg har|vores|min$|mit$|mine|er ude|appen er"
            "|de har|vi sælger|vi kører|jeg arbejder|hos os|kunden|kunderne|det er|der står"
            "|vi sender|bogholder|revisoren|chefen|alle vores|kun$|har en|har to|vi plejer"
        ),
        Sign.TRIED: (
            "har prøvet|prøvet|klikkede|har slettet|satte|sendte|genstart|installer|tjekket"
            "|allerede|forsøgt|forventede|fejlede først|der var en|siger at|har forsøgt|har lagt"
            "|har sendt|har skiftet|fjernet|logget ud|genstartet|slettet|registreret|importeret"
            "|fornyet|har tjekket|læste|har læst|afinstaller|oprettet|vi prøvede|jeg prøvede"
        ),
        Sign.STEPS: (
            "når jeg|klikker|trykker|vælger|åbner|logger ind|logge ind|jeg trykker|jeg åbner"
            "|jeg vælger|jeg går ind|vi trykker|når vi"
        ),
        Sign.STANDSTILL: (
            "hele firmaet|står stille|ingen kan|kan ikke arbejde|ligger ned|nede$|alle er ude"
            "|går i stå for|kan ikke fakturere|kan ikke betale|ingen kommer ind|alt står|helt stop"
            "|hele huset|hele kontoret|alle er låst|kan ikke levere|kan ikke pakke|spildt arbejde"
            "|folk ringer|kunder ringer|kunderne ringer|telefonen kimer"
        ),
        Sign.PEOPLE: (
            "mand$|ansatte|brugere|kunder|personer|butikker|kolleger|chauffører|klienter"
            "|leverandør|leverandører|medlemmer|enheder|kontorer|filialer|montører|sælgere|lejere"
        ),
        Sign.DEADLINE: (
            "inden kl|senest|i morgen|haster|straks|frist|afsted|med det samme|omgående|forfald"
            "|på fredag|på mandag|snarest|hurtigst|akut|i aften|månedsskifte|når vi ikke|forfalder"
            "|hastesag|nu!|skal være hos|skal ind|skal fakturere|skal sendes|før fredag"
            "|inden fredag|pakke i dag|kl. 1|nødsituation|på torsdag|på onsdag|fristen"
        ),
        Sign.STAKES: (
            "løn$|lønnen|bøde|skat$|bange for|alvorlig|tavshedspligt|myndighed|klager|sur$|vrede"
            "|gebyr|advokat|gdpr|persondata|uacceptabelt|træt af|likviditet|inkasso|datatilsyn"
            "|moms skal|pinlig|erhvervsstyrelsen|skattestyrelsen|fogedret|retssag|politiet"
            "|tabt salg|koster os"
        ),
    },
}
