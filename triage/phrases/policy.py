"""Codes of what a forum's policy decides -> sentences, six languages.

In: nothing. Out: POLICY_PHRASES, which `phrases` holds with all others, and those for leads alone.
Not here: which code applies (decide), filling in parameters (phrases).
"""

ASKER_PHRASES: dict[str, dict[str, str]] = {
    "wants_person": {
        "en": "You asked for a person, so one of our experts takes it.",
        "sv": "Du ville nå en människa, så en av våra experter tar hand om det.",
        "nb": "Du ville ha tak i et menneske, så en av ekspertene våre tar det.",
        "da": "Du bad om et menneske, så en af vores eksperter tager sig af det.",
        "fi": "Halusit asioida ihmisen kanssa, joten asiantuntijamme hoitaa asian.",
        "de": "Sie möchten mit einem Menschen sprechen; eine unserer Fachkräfte übernimmt.",
    },
    "customised": {
        "en": "This is about a solution made for your company, so an expert takes it.",
        "sv": "Det här gäller en lösning som är gjord för ert företag, så en expert tar hand om"
        " det.",
        "nb": "Dette gjelder en løsning som er laget for firmaet deres, så en ekspert tar det.",
        "da": "Det gælder en løsning, der er lavet til jeres firma, så en ekspert tager sig af"
        " det.",
        "fi": "Asia koskee yrityksellenne tehtyä ratkaisua, joten asiantuntija hoitaa sen.",
        "de": "Es geht um eine Lösung, die für Ihre Firma gemacht ist; eine Fachkraft übernimmt.",
    },
    "expert_level": {
        "en": "Your support agreement includes an expert, who takes this.",
        "sv": "I ert supportavtal ingår en expert, som tar hand om det här.",
        "nb": "Supportavtalen deres omfatter en ekspert, som tar dette.",
        "da": "Jeres supportaftale omfatter en ekspert, som tager sig af det her.",
        "fi": "Tukisopimukseenne kuuluu asiantuntija, joka hoitaa tämän.",
        "de": "Ihr Supportvertrag umfasst eine Fachkraft, die das übernimmt.",
    },
    "community_level": {
        "en": "Under your support agreement, other customers see questions like this first.",
        "sv": "Med ert supportavtal får andra kunder se sådana här frågor först.",
        "nb": "Med supportavtalen deres får andre kunder se slike spørsmål først.",
        "da": "Med jeres supportaftale får andre kunder den slags spørgsmål at se først.",
        "fi": "Tukisopimuksenne mukaan muut asiakkaat näkevät tällaiset kysymykset ensin.",
        "de": "Nach Ihrem Supportvertrag sehen andere Kunden solche Fragen zuerst.",
    },
    "rule_expert": {
        "en": "Questions about this always go to an expert here.",
        "sv": "Frågor om det här går alltid till en expert hos oss.",
        "nb": "Spørsmål om dette går alltid til en ekspert hos oss.",
        "da": "Spørgsmål om det her går altid til en ekspert hos os.",
        "fi": "Tätä koskevat kysymykset menevät meillä aina asiantuntijalle.",
        "de": "Fragen dazu gehen hier immer an eine Fachkraft.",
    },
    "rule_community": {
        "en": "Questions about this always go to the community here.",
        "sv": "Frågor om det här går alltid till forumet hos oss.",
        "nb": "Spørsmål om dette går alltid til forumet hos oss.",
        "da": "Spørgsmål om det her går altid til forummet hos os.",
        "fi": "Tätä koskevat kysymykset menevät meillä aina foorumille.",
        "de": "Fragen dazu gehen hier immer an das Forum.",
    },
    "rule_says": {lang: "{said}" for lang in ("en", "sv", "nb", "da", "fi", "de")},
    "experts_away": {
        "en": "Our experts are away just now; they are back from {opens}.",
        "sv": "Våra experter är inte på plats just nu; de är tillbaka från {opens}.",
        "nb": "Ekspertene våre er ikke til stede akkurat nå; de er tilbake fra {opens}.",
        "da": "Vores eksperter er ikke til stede lige nu; de er tilbage fra {opens}.",
        "fi": "Asiantuntijamme eivät ole juuri nyt paikalla; he palaavat {opens}.",
        "de": "Unsere Fachkräfte sind gerade nicht da; sie sind wieder da ab {opens}.",
    },
}

LEAD_PHRASES: dict[str, dict[str, str]] = {
    "turn_sensitive": {
        "en": "Had nothing been found that must not be public ({types}).",
        "sv": "Om inget hade hittats som inte får bli offentligt ({types}).",
        "nb": "Hvis ingenting var funnet som ikke må bli offentlig ({types}).",
        "da": "Hvis intet var fundet, der ikke må blive offentligt ({types}).",
        "fi": "Jos mitään salattavaa ei olisi löytynyt ({types}).",
        "de": "Wäre nichts gefunden worden, das nicht öffentlich werden darf ({types}).",
    },
    "turn_confidential": {
        "en": "Private from a probability of {limit} of being confidential; it was {was}.",
        "sv": "Privat från sannolikheten {limit} att vara konfidentiell; den var {was}.",
        "nb": "Privat fra sannsynligheten {limit} for å være fortrolig; den var {was}.",
        "da": "Privat fra sandsynligheden {limit} for at være fortrolig; den var {was}.",
        "fi": "Yksityinen, kun luottamuksellisuuden todennäköisyys on vähintään {limit};"
        " se oli {was}.",
        "de": "Privat ab einer Wahrscheinlichkeit von {limit}, vertraulich zu sein; sie war {was}.",
    },
    "turn_wants_person": {
        "en": "Had they not asked for a person.",
        "sv": "Om de inte hade bett om en människa.",
        "nb": "Hvis de ikke hadde bedt om et menneske.",
        "da": "Hvis de ikke havde bedt om et menneske.",
        "fi": "Jos he eivät olisi pyytäneet ihmistä.",
        "de": "Wäre nicht nach einem Menschen verlangt worden.",
    },
    "turn_severity": {
        "en": "Had the severity been {severity}.",
        "sv": "Om allvarligheten hade varit {severity}.",
        "nb": "Hvis alvorligheten hadde vært {severity}.",
        "da": "Hvis alvoren havde været {severity}.",
        "fi": "Jos vakavuus olisi ollut {severity}.",
        "de": "Wäre der Schweregrad {severity} gewesen.",
    },
    "turn_customised": {
        "en": "Had the product not been one company's own.",
        "sv": "Om produkten inte hade varit ett enda företags egen.",
        "nb": "Hvis produktet ikke hadde vært ett firmas eget.",
        "da": "Hvis produktet ikke havde været et enkelt firmas eget.",
        "fi": "Jos tuote ei olisi ollut yhden yrityksen oma.",
        "de": "Gehörte das Produkt nicht einer einzelnen Firma.",
    },
    "turn_level": {
        "en": "Had the support level been another.",
        "sv": "Om supportnivån hade varit en annan.",
        "nb": "Hvis supportnivået hadde vært et annet.",
        "da": "Hvis supportniveauet havde været et andet.",
        "fi": "Jos tukitaso olisi ollut toinen.",
        "de": "Wäre die Supportstufe eine andere gewesen.",
    },
    "turn_care": {
        "en": "Had the tone been another.",
        "sv": "Om tonen hade varit en annan.",
        "nb": "Hvis tonen hadde vært en annen.",
        "da": "Hvis tonen havde været en anden.",
        "fi": "Jos sävy olisi ollut toinen.",
        "de": "Wäre der Ton ein anderer gewesen.",
    },
    "turn_novel": {
        "en": "Had it been about something that is known here.",
        "sv": "Om det hade gällt något som är känt här.",
        "nb": "Hvis det hadde gjeldt noe som er kjent her.",
        "da": "Hvis det havde handlet om noget, der er kendt her.",
        "fi": "Jos asia olisi ollut täällä ennestään tuttu.",
        "de": "Wäre es um etwas gegangen, das hier bekannt ist.",
    },
    "turn_rule": {
        "en": "Without “{word}”, of the rule {rule}.",
        "sv": "Utan ”{word}”, i regeln {rule}.",
        "nb": "Uten «{word}», i regelen {rule}.",
        "da": "Uden »{word}«, i reglen {rule}.",
        "fi": "Ilman ilmausta ”{word}”, säännössä {rule}.",
        "de": "Ohne „{word}“, aus der Regel {rule}.",
    },
    "turn_probability": {
        "en": "An expert is asked over a probability of {limit}; it was {was}.",
        "sv": "En expert tillfrågas över sannolikheten {limit}; den var {was}.",
        "nb": "En ekspert blir spurt over sannsynligheten {limit}; den var {was}.",
        "da": "En ekspert bliver spurgt over sandsynligheden {limit}; den var {was}.",
        "fi": "Asiantuntijalta kysytään, kun todennäköisyys on yli {limit}; se oli {was}.",
        "de": "Eine Fachkraft wird gefragt über einer Wahrscheinlichkeit von {limit}; sie war"
        " {was}.",
    },
}

POLICY_PHRASES = {**ASKER_PHRASES, **LEAD_PHRASES}
