"""Codes of the question that is asked once more -> sentences, six languages.

In: nothing. Out: FOLLOW_UP_PHRASES, which `phrases` holds with all others.
Not here: who is asked and when (measuring.follow_ups), filling in parameters (phrases).
"""

FOLLOW_UP_PHRASES: dict[str, dict[str, str]] = {
    "follow_up_suggestions": {
        "en": "A while ago you looked for help here and then went on without asking. Is your"
        " problem solved?",
        "sv": "För ett tag sedan sökte du hjälp här men ställde ingen fråga. Är problemet löst?",
        "nb": "For en tid siden søkte du hjelp her, men stilte ikke noe spørsmål. Er problemet"
        " løst?",
        "da": "For noget tid siden søgte du hjælp her, men stillede ikke noget spørgsmål. Er"
        " problemet løst?",
        "fi": "Etsit jokin aika sitten täältä apua mutta et lähettänyt kysymystä. Onko ongelma"
        " ratkennut?",
        "de": "Vor einiger Zeit haben Sie hier Hilfe gesucht und dann keine Frage gestellt. Ist"
        " das Problem gelöst?",
    },
    "follow_up_answer": {
        "en": "Your question has been answered. Is your problem solved?",
        "sv": "Din fråga har fått svar. Är problemet löst?",
        "nb": "Spørsmålet ditt har fått svar. Er problemet løst?",
        "da": "Dit spørgsmål har fået svar. Er problemet løst?",
        "fi": "Kysymykseesi on vastattu. Onko ongelma ratkennut?",
        "de": "Ihre Frage wurde beantwortet. Ist das Problem gelöst?",
    },
    "follow_up_purpose": {
        "en": "We ask a few people, chosen by chance, once. Your reply is only counted, to"
        " learn how often we really help; it is not kept under your name.",
        "sv": "Vi frågar några få, slumpvis utvalda, en enda gång. Svaret räknas bara, så att"
        " vi vet hur ofta vi verkligen hjälper; det sparas inte under ditt namn.",
        "nb": "Vi spør noen få, tilfeldig utvalgte, én gang. Svaret blir bare talt med, så vi"
        " vet hvor ofte vi virkelig hjelper; det lagres ikke under navnet ditt.",
        "da": "Vi spørger nogle få, tilfældigt udvalgte, én gang. Svaret bliver kun talt med,"
        " så vi ved, hvor ofte vi virkelig hjælper; det gemmes ikke under dit navn.",
        "fi": "Kysymme kerran muutamalta sattumalta valitulta. Vastaus vain lasketaan mukaan,"
        " jotta tiedämme, kuinka usein todella autamme; sitä ei säilytetä nimelläsi.",
        "de": "Wir fragen wenige, durch Zufall Ausgewählte, und nur einmal. Ihre Antwort wird"
        " nur gezählt, damit wir wissen, wie oft wir wirklich helfen; sie wird nicht unter"
        " Ihrem Namen aufbewahrt.",
    },
    "follow_up_yes": {
        "en": "Yes",
        "sv": "Ja",
        "nb": "Ja",
        "da": "Ja",
        "fi": "Kyllä",
        "de": "Ja",
    },
    "follow_up_no": {
        "en": "No",
        "sv": "Nej",
        "nb": "Nei",
        "da": "Nej",
        "fi": "Ei",
        "de": "Nein",
    },
    "follow_up_skip": {
        "en": "Rather not say",
        "sv": "Vill inte svara",
        "nb": "Vil ikke svare",
        "da": "Vil ikke svare",
        "fi": "En halua vastata",
        "de": "Keine Angabe",
    },
    "follow_up_stop": {
        "en": "Do not ask me this again",
        "sv": "Fråga mig inte om detta igen",
        "nb": "Ikke spør meg om dette igjen",
        "da": "Spørg mig ikke om det igen",
        "fi": "Älä kysy tätä minulta enää",
        "de": "Bitte nicht mehr danach fragen",
    },
    "follow_up_thanks": {
        "en": "Thank you, that helps us.",
        "sv": "Tack, det hjälper oss.",
        "nb": "Takk, det hjelper oss.",
        "da": "Tak, det hjælper os.",
        "fi": "Kiitos, siitä on meille apua.",
        "de": "Danke, das hilft uns.",
    },
    "follow_up_thanks_no": {
        "en": "Thank you. You can still ask here whenever you like.",
        "sv": "Tack. Du kan fortfarande ställa din fråga här när du vill.",
        "nb": "Takk. Du kan fortsatt stille spørsmålet ditt her når du vil.",
        "da": "Tak. Du kan stadig stille dit spørgsmål her, når du vil.",
        "fi": "Kiitos. Voit yhä esittää kysymyksesi täällä milloin haluat.",
        "de": "Danke. Sie können Ihre Frage hier weiterhin jederzeit stellen.",
    },
    "follow_up_stopped": {
        "en": "We will not ask you this any more.",
        "sv": "Vi frågar dig inte om detta mer.",
        "nb": "Vi spør deg ikke om dette mer.",
        "da": "Vi spørger dig ikke om det mere.",
        "fi": "Emme kysy tätä sinulta enää.",
        "de": "Wir fragen Sie nicht mehr danach.",
    },
    "follow_up_resumed": {
        "en": "We may ask you now and then.",
        "sv": "Vi kan komma att fråga dig då och då.",
        "nb": "Det kan hende at vi spør deg nå og da.",
        "da": "Det kan ske, at vi spørger dig nu og da.",
        "fi": "Voimme kysyä sinulta silloin tällöin.",
        "de": "Es kann sein, dass wir Sie hin und wieder fragen.",
    },
}
