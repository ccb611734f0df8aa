"""Codes -> sentences in the asker's language.

In: a stable code, its parameters, a language. Out: one sentence. A language outside the six is
answered in English. A test checks that every code has all six languages. Codes of FOR_LEADS speak
of the person who asks to others: a reply to that person never holds one.
Not here: which code applies (decide, rank, lifecycle), what is sensitive is called
(sensitive), the sentences about a posted question (questions) and those of a forum's
policy (policy).
"""

from triage.phrases.filings import FILING_PHRASES
from triage.phrases.follow_ups import FOLLOW_UP_PHRASES
from triage.phrases.mails import MAIL_PHRASES
from triage.phrases.notices import NOTICE_PHRASES
from triage.phrases.policy import LEAD_PHRASES, POLICY_PHRASES
from triage.phrases.questions import QUESTION_PHRASES
from triage.phrases.sensitive import SENSITIVE
from triage.records import LANGUAGES, Reason

PHRASES: dict[str, dict[str, str]] = {
    "sensitive": {
        "en": "Your text seems to hold something that must not be public ({types}), so only our"
        " experts will see it.",
        "sv": "Din text verkar innehålla något som inte får bli offentligt ({types}), så bara våra"
        " experter får se den.",
        "nb": "Teksten din ser ut til å inneholde noe som ikke må bli offentlig ({types}), så bare"
        " ekspertene våre får se den.",
        "da": "Din tekst ser ud til at indeholde noget, der ikke må blive offentligt ({types}), så"
        " kun vores eksperter får den at se.",
        "fi": "Tekstissäsi näyttää olevan jotain, mikä ei saa olla julkista ({types}), joten sen"
        " näkevät vain asiantuntijamme.",
        "de": "Ihr Text enthält offenbar etwas, das nicht öffentlich werden darf ({types}); darum"
        " sehen ihn nur unsere Fachleute.",
    },
    "confidential": {
        "en": "This seems to be about your contract, prices agreed with you, or security, so only"
        " our experts will see it.",
        "sv": "Det här verkar gälla ert avtal, era priser eller säkerhet, så bara våra experter"
        " får se det.",
        "nb": "Dette ser ut til å gjelde avtalen deres, prisene deres eller sikkerhet, så bare"
        " ekspertene våre får se det.",
        "da": "Det ser ud til at handle om jeres aftale, jeres priser eller sikkerhed, så kun"
        " vores eksperter får det at se.",
        "fi": "Asia näyttää koskevan sopimustanne, teille sovittuja hintoja tai tietoturvaa,"
        " joten sen näkevät vain asiantuntijamme.",
        "de": "Hier geht es offenbar um Ihren Vertrag, Ihre Preise oder um Sicherheit; darum sehen"
        " es nur unsere Fachleute.",
    },
    "customer_severity": {
        "en": "You told us that this stops your work, so an expert takes it at once.",
        "sv": "Du har angett att detta stoppar arbetet, så en expert tar hand om det direkt.",
        "nb": "Du har oppgitt at dette stopper arbeidet, så en ekspert tar det med en gang.",
        "da": "Du har angivet, at det stopper arbejdet, så en ekspert tager sig af det nu.",
        "fi": "Ilmoitit, että tämä pysäyttää työn, joten asiantuntija ottaa sen heti hoitaakseen.",
        "de": "Sie haben angegeben, dass die Arbeit stillsteht; eine Fachkraft übernimmt sofort.",
    },
    "severity": {
        "en": "This looks urgent (severity {severity}), so an expert takes it.",
        "sv": "Det här ser brådskande ut (allvarlighet {severity}), så en expert tar hand om det.",
        "nb": "Dette ser ut til å haste (alvorlighet {severity}), så en ekspert tar det.",
        "da": "Det ser ud til at haste (alvor {severity}), så en ekspert tager sig af det.",
        "fi": "Asia vaikuttaa kiireelliseltä (vakavuus {severity}), joten asiantuntija hoitaa sen.",
        "de": "Das wirkt dringend (Schweregrad {severity}); darum übernimmt eine Fachkraft.",
    },
    "unrouted": {
        "en": "This forum has no trained model yet, so questions go the usual way.",
        "sv": "Forumet har ingen tränad modell än, så frågor går den vanliga vägen.",
        "nb": "Forumet har ingen opplært modell ennå, så spørsmål går den vanlige veien.",
        "da": "Forummet har endnu ingen trænet model, så spørgsmål går den sædvanlige vej.",
        "fi": "Foorumilla ei ole vielä opetettua mallia, joten kysymys kulkee tavallista tietä.",
        "de": "Dieses Forum hat noch kein trainiertes Modell; Fragen gehen den üblichen Weg.",
    },
    "needs_expert": {
        "en": "Questions like this usually need an expert ({percent} % likely).",
        "sv": "Sådana här frågor brukar behöva en expert ({percent} % sannolikt).",
        "nb": "Slike spørsmål trenger som regel en ekspert ({percent} % sannsynlig).",
        "da": "Den slags spørgsmål kræver som regel en ekspert ({percent} % sandsynligt).",
        "fi": "Tällaiset kysymykset vaativat yleensä asiantuntijan (todennäköisyys {percent} %).",
        "de": "Solche Fragen brauchen meist eine Fachkraft (zu {percent} % wahrscheinlich).",
    },
    "expert_in_case": {
        "en": "This may need an expert ({percent} % likely), and to wait in vain would be worse, so"
        " an expert takes it.",
        "sv": "Det här kan behöva en expert ({percent} % sannolikt), och att vänta förgäves vore"
        " värre, så en expert tar hand om det.",
        "nb": "Dette kan trenge en ekspert ({percent} % sannsynlig), og å vente forgjeves ville"
        " vært verre, så en ekspert tar det.",
        "da": "Det kan kræve en ekspert ({percent} % sandsynligt), og at vente forgæves ville være"
        " værre, så en ekspert tager sig af det.",
        "fi": "Tähän voidaan tarvita asiantuntijaa (todennäköisyys {percent} %), ja turha odotus"
        " olisi pahempi, joten asiantuntija hoitaa sen.",
        "de": "Hierfür könnte eine Fachkraft nötig sein (zu {percent} % wahrscheinlich), und"
        " vergeblich zu warten wäre schlimmer; darum übernimmt eine Fachkraft.",
    },
    "community_first": {
        "en": "Other customers may be able to answer this ({percent} % likely), so they see it"
        " first.",
        "sv": "Andra kunder kan kanske svara på detta ({percent} % sannolikt), så de får se det"
        " först.",
        "nb": "Andre kunder kan kanskje svare på dette ({percent} % sannsynlig), så de får se det"
        " først.",
        "da": "Andre kunder kan måske svare på det ({percent} % sandsynligt), så de får det at se"
        " først.",
        "fi": "Muut asiakkaat saattavat osata vastata tähän (todennäköisyys {percent} %), joten he"
        " näkevät sen ensin.",
        "de": "Andere Kunden können das vielleicht beantworten (zu {percent} % wahrscheinlich);"
        " darum sehen sie es zuerst.",
    },
    "community_can": {
        "en": "Other customers can usually answer this ({percent} % likely).",
        "sv": "Andra kunder brukar kunna svara på detta ({percent} % sannolikt).",
        "nb": "Andre kunder kan som regel svare på dette ({percent} % sannsynlig).",
        "da": "Andre kunder kan som regel svare på det ({percent} % sandsynligt).",
        "fi": "Muut asiakkaat osaavat yleensä vastata tähän (todennäköisyys {percent} %).",
        "de": "Andere Kunden können das meist beantworten (zu {percent} % wahrscheinlich).",
    },
    "expert_care": {
        "en": "One of our experts takes care of this personally.",
        "sv": "En av våra experter tar hand om det här personligen.",
        "nb": "En av ekspertene våre tar seg av dette personlig.",
        "da": "En af vores eksperter tager sig personligt af det.",
        "fi": "Asiantuntijamme hoitaa tämän henkilökohtaisesti.",
        "de": "Eine unserer Fachkräfte kümmert sich persönlich darum.",
    },
    "novel": {
        "en": "This seems to be about something new here, so an expert takes it.",
        "sv": "Det här verkar gälla något nytt för oss, så en expert tar hand om det.",
        "nb": "Dette ser ut til å gjelde noe nytt her, så en ekspert tar det.",
        "da": "Det ser ud til at handle om noget nyt her, så en ekspert tager sig af det.",
        "fi": "Asia näyttää olevan täällä uusi, joten asiantuntija hoitaa sen.",
        "de": "Hier scheint es um etwas Neues zu gehen; darum übernimmt eine Fachkraft.",
    },
    "at_risk": {
        "en": "The customer may be about to leave ({percent} % likely).",
        "sv": "Kunden kan vara på väg att lämna oss ({percent} % sannolikt).",
        "nb": "Kunden kan være på vei bort ({percent} % sannsynlig).",
        "da": "Kunden kan være på vej væk ({percent} % sandsynligt).",
        "fi": "Asiakas saattaa olla lähdössä (todennäköisyys {percent} %).",
        "de": "Der Kunde könnte abwandern (zu {percent} % wahrscheinlich).",
    },
    "angry": {
        "en": "The customer sounds angry ({percent} % likely).",
        "sv": "Kunden låter arg ({percent} % sannolikt).",
        "nb": "Kunden virker sint ({percent} % sannsynlig).",
        "da": "Kunden lyder vred ({percent} % sandsynligt).",
        "fi": "Asiakas vaikuttaa vihaiselta (todennäköisyys {percent} %).",
        "de": "Der Kunde klingt verärgert (zu {percent} % wahrscheinlich).",
    },
    "closed_group": {
        "en": "Your group's questions stay within the group.",
        "sv": "Din grupps frågor stannar inom gruppen.",
        "nb": "Spørsmål fra gruppen din blir i gruppen.",
        "da": "Din gruppes spørgsmål bliver i gruppen.",
        "fi": "Ryhmäsi kysymykset pysyvät ryhmän sisällä.",
        "de": "Die Fragen Ihrer Gruppe bleiben in der Gruppe.",
    },
    "nothing_known": {
        "en": "Nothing like this has been asked before.",
        "sv": "Inget liknande har frågats tidigare.",
        "nb": "Ingen har spurt om noe lignende før.",
        "da": "Ingen har spurgt om noget lignende før.",
        "fi": "Mitään vastaavaa ei ole kysytty aiemmin.",
        "de": "Etwas Ähnliches wurde noch nicht gefragt.",
    },
    "nothing_sure": {
        "en": "No known answer is likely enough to settle this.",
        "sv": "Inget känt svar löser detta tillräckligt säkert.",
        "nb": "Ingen kjente svar løser dette sikkert nok.",
        "da": "Intet kendt svar løser det sikkert nok.",
        "fi": "Mikään tunnettu vastaus ei ratkaise tätä riittävän varmasti.",
        "de": "Keine bekannte Antwort löst das mit genügender Sicherheit.",
    },
    "staff_verified": {
        "en": "Checked by staff.",
        "sv": "Kontrollerad av personalen.",
        "nb": "Kontrollert av ansatte.",
        "da": "Kontrolleret af medarbejdere.",
        "fi": "Henkilökunnan tarkistama.",
        "de": "Von Mitarbeitenden geprüft.",
    },
    "accepted_answer": {
        "en": "The person who asked accepted this answer.",
        "sv": "Den som frågade godtog svaret.",
        "nb": "Den som spurte, godtok svaret.",
        "da": "Den, der spurgte, godtog svaret.",
        "fi": "Kysyjä hyväksyi tämän vastauksen.",
        "de": "Wer gefragt hat, hat diese Antwort angenommen.",
    },
    "staff_answer": {
        "en": "Answered by staff.",
        "sv": "Besvarad av personalen.",
        "nb": "Besvart av ansatte.",
        "da": "Besvaret af medarbejdere.",
        "fi": "Henkilökunnan vastaus.",
        "de": "Von Mitarbeitenden beantwortet.",
    },
    "outdated_answer": {
        "en": "This answer may no longer hold: readers or staff say so.",
        "sv": "Det här svaret gäller kanske inte längre, enligt läsare eller personalen.",
        "nb": "Dette svaret gjelder kanskje ikke lenger, ifølge lesere eller ansatte.",
        "da": "Svaret gælder måske ikke længere, siger læsere eller medarbejdere.",
        "fi": "Vastaus ei ehkä enää pidä paikkaansa: lukijat tai henkilökunta sanovat niin.",
        "de": "Diese Antwort gilt vielleicht nicht mehr; Lesende oder Mitarbeitende sagen das.",
    },
    **QUESTION_PHRASES,
    **NOTICE_PHRASES,
    **MAIL_PHRASES,
    **POLICY_PHRASES,
    **FOLLOW_UP_PHRASES,
    **FILING_PHRASES,
}


FOR_LEADS = frozenset({"angry", "at_risk", *LEAD_PHRASES})


def say(reason: Reason, lang: str) -> str:
    """Return the sentence of a reason. Raises KeyError for a code that has no sentence."""
    lang = lang if lang in LANGUAGES else "en"
    params = dict(reason.params)
    if "types" in params:
        types = str(params["types"]).split(", ")
        params["types"] = ", ".join(SENSITIVE[t][lang] for t in types)
    return PHRASES[reason.code][lang].format(**params)
