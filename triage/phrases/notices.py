"""What people are told in notices -> sentences, six languages.

In: nothing. Out: NOTICE_PHRASES, which `phrases` holds with all others.
Not here: who is told what (affected, questions), titles, which stand beside the sentence (api).
"""

NOTICE_PHRASES: dict[str, dict[str, str]] = {
    "notice_known_issue": {
        "en": "What you asked about is a known issue. We will tell you when there is a fix.",
        "sv": "Det du frågade om är ett känt fel. Vi säger till när det är åtgärdat.",
        "nb": "Det du spurte om, er en kjent feil. Vi sier fra når den er rettet.",
        "da": "Det, du spurgte om, er en kendt fejl. Vi siger til, når den er rettet.",
        "fi": "Kysymäsi asia on tunnettu vika. Ilmoitamme, kun se on korjattu.",
        "de": "Wonach Sie gefragt haben, ist ein bekannter Fehler. Wir melden uns, sobald er"
        " behoben ist.",
    },
    "notice_issue_fixed": {
        "en": "There is a fix for a known issue that you asked about.",
        "sv": "Det finns en lösning på ett känt fel som du frågade om.",
        "nb": "Det finnes en løsning på en kjent feil som du spurte om.",
        "da": "Der er en løsning på en kendt fejl, som du spurgte om.",
        "fi": "Tunnettuun vikaan, josta kysyit, on korjaus.",
        "de": "Für einen bekannten Fehler, nach dem Sie gefragt haben, gibt es eine Lösung.",
    },
    "notice_answered": {
        "en": "Your question has an answer.",
        "sv": "Din fråga har fått ett svar.",
        "nb": "Spørsmålet ditt har fått et svar.",
        "da": "Dit spørgsmål har fået et svar.",
        "fi": "Kysymykseesi on vastattu.",
        "de": "Ihre Frage hat eine Antwort bekommen.",
    },
    "notice_asked_back": {
        "en": "We need to know something more before we can answer your question.",
        "sv": "Vi behöver veta något mer innan vi kan svara på din fråga.",
        "nb": "Vi må vite noe mer før vi kan svare på spørsmålet ditt.",
        "da": "Vi har brug for at vide noget mere, før vi kan svare på dit spørgsmål.",
        "fi": "Tarvitsemme vielä tietoja, ennen kuin voimme vastata kysymykseesi.",
        "de": "Wir müssen noch etwas wissen, bevor wir Ihre Frage beantworten können.",
    },
    "notice_same_answer": {
        "en": "A question like yours was answered. Tell us if yours is another question.",
        "sv": "En fråga som din har besvarats. Säg till om din fråga är en annan.",
        "nb": "Et spørsmål som ditt er besvart. Si fra hvis ditt spørsmål er et annet.",
        "da": "Et spørgsmål som dit er besvaret. Sig til, hvis dit spørgsmål er et andet.",
        "fi": "Omaasi vastaavaan kysymykseen on vastattu. Kerro, jos kysymyksesi on eri.",
        "de": "Eine Frage wie Ihre wurde beantwortet. Sagen Sie Bescheid, wenn Ihre eine andere"
        " ist.",
    },
}
