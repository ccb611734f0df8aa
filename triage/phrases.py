"""Codes -> sentences in the asker's language.

In: a stable code, its parameters, a language. Out: one sentence. A language outside the six is
answered in English. A test checks that every code has all six languages.
Not here: which code applies (decide, rank).
"""

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
    "community_can": {
        "en": "Other customers can usually answer this ({percent} % likely).",
        "sv": "Andra kunder brukar kunna svara på detta ({percent} % sannolikt).",
        "nb": "Andre kunder kan som regel svare på dette ({percent} % sannsynlig).",
        "da": "Andre kunder kan som regel svare på det ({percent} % sandsynligt).",
        "fi": "Muut asiakkaat osaavat yleensä vastata tähän (todennäköisyys {percent} %).",
        "de": "Andere Kunden können das meist beantworten (zu {percent} % wahrscheinlich).",
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
}


# What `types` of the reason `sensitive` are called; the codes themselves are for machines.
SENSITIVE: dict[str, dict[str, str]] = {
    "card": {
        "en": "a card number",
        "sv": "ett kortnummer",
        "nb": "et kortnummer",
        "da": "et kortnummer",
        "fi": "kortin numero",
        "de": "eine Kartennummer",
    },
    "iban": {
        "en": "a bank account number",
        "sv": "ett bankkontonummer",
        "nb": "et kontonummer",
        "da": "et kontonummer",
        "fi": "tilinumero",
        "de": "eine Kontonummer",
    },
    "identity_number": {
        "en": "a personal identity number",
        "sv": "ett personnummer",
        "nb": "et fødselsnummer",
        "da": "et CPR-nummer",
        "fi": "henkilötunnus",
        "de": "eine Identifikationsnummer",
    },
    "key": {
        "en": "a key or token",
        "sv": "en nyckel",
        "nb": "en nøkkel",
        "da": "en nøgle",
        "fi": "avain",
        "de": "ein Schlüssel",
    },
    "password": {
        "en": "a password",
        "sv": "ett lösenord",
        "nb": "et passord",
        "da": "en adgangskode",
        "fi": "salasana",
        "de": "ein Passwort",
    },
}


def say(reason: Reason, lang: str) -> str:
    """Return the sentence of a reason. Raises KeyError for a code that has no sentence."""
    lang = lang if lang in LANGUAGES else "en"
    params = dict(reason.params)
    if reason.code == "sensitive":
        types = str(params["types"]).split(", ")
        params["types"] = ", ".join(SENSITIVE[t][lang] for t in types)
    return PHRASES[reason.code][lang].format(**params)
