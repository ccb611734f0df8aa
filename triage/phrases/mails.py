"""What people are told by e-mail -> subjects and sentences, six languages.

In: nothing. Out: MAIL_PHRASES, which `phrases` holds with all others.
Not here: letters made of them (letters), sending (connect.mail), what notices say (notices).
"""

MAIL_PHRASES: dict[str, dict[str, str]] = {
    "mail_known_issue": {
        "en": "It is a known issue",
        "sv": "Det är ett känt fel",
        "nb": "Det er en kjent feil",
        "da": "Det er en kendt fejl",
        "fi": "Se on tunnettu vika",
        "de": "Der Fehler ist bekannt",
    },
    "mail_issue_fixed": {
        "en": "There is a fix",
        "sv": "Det finns en lösning",
        "nb": "Det finnes en løsning",
        "da": "Der er en løsning",
        "fi": "Vikaan on korjaus",
        "de": "Es gibt eine Lösung",
    },
    "mail_answered": {
        "en": "Your question has an answer",
        "sv": "Din fråga har fått ett svar",
        "nb": "Spørsmålet ditt har fått et svar",
        "da": "Dit spørgsmål har fået et svar",
        "fi": "Kysymykseesi on vastattu",
        "de": "Ihre Frage hat eine Antwort",
    },
    "mail_asked_back": {
        "en": "We need to know something more",
        "sv": "Vi behöver veta något mer",
        "nb": "Vi må vite noe mer",
        "da": "Vi har brug for at vide noget mere",
        "fi": "Tarvitsemme vielä tietoja",
        "de": "Wir müssen noch etwas wissen",
    },
    "mail_same_answer": {
        "en": "A question like yours has an answer",
        "sv": "En fråga som din har fått ett svar",
        "nb": "Et spørsmål som ditt har fått et svar",
        "da": "Et spørgsmål som dit har fået et svar",
        "fi": "Omaasi vastaavaan kysymykseen on vastattu",
        "de": "Eine Frage wie Ihre hat eine Antwort",
    },
    "mail_read_there": {
        "en": "You can read it in the forum ({forum}), under your notifications.",
        "sv": "Du kan läsa det i forumet ({forum}), under dina aviseringar.",
        "nb": "Du kan lese det i forumet ({forum}), under varslene dine.",
        "da": "Du kan læse det i forummet ({forum}) under dine notifikationer.",
        "fi": "Voit lukea sen foorumilla ({forum}) ilmoituksistasi.",
        "de": "Sie können es im Forum ({forum}) unter Ihren Benachrichtigungen lesen.",
    },
    "mail_why": {
        "en": "You get this mail because you chose to be told by e-mail. You can change that there,"
        " too. Please do not reply to it: nobody reads the replies.",
        "sv": "Du får det här mejlet för att du har valt att få besked med e-post. Det kan du"
        " också ändra där. Svara inte på det: ingen läser svaren.",
        "nb": "Du får denne e-posten fordi du har valgt å få beskjed på e-post. Det kan du også"
        " endre der. Ikke svar på den: ingen leser svarene.",
        "da": "Du får denne mail, fordi du har valgt at få besked på e-mail. Det kan du også ændre"
        " dér. Svar ikke på den: ingen læser svarene.",
        "fi": "Saat tämän viestin, koska olet valinnut ilmoitukset sähköpostiin. Voit muuttaa"
        " valintaa samassa paikassa. Älä vastaa tähän: kukaan ei lue vastauksia.",
        "de": "Sie erhalten diese E-Mail, weil Sie sich Nachrichten per E-Mail gewünscht haben."
        " Auch das können Sie dort ändern. Bitte antworten Sie nicht darauf: Niemand liest die"
        " Antworten.",
    },
    "mail_confirm": {
        "en": "Confirm your address",
        "sv": "Bekräfta din adress",
        "nb": "Bekreft adressen din",
        "da": "Bekræft din adresse",
        "fi": "Vahvista osoitteesi",
        "de": "Bestätigen Sie Ihre Adresse",
    },
    "mail_confirm_code": {
        "en": "Somebody in the forum ({forum}) wants to be told at this address. If that was you,"
        " enter this code there within a day:",
        "sv": "Någon i forumet ({forum}) vill få besked på den här adressen. Var det du, så ange"
        " den här koden där inom ett dygn:",
        "nb": "Noen i forumet ({forum}) vil få beskjed på denne adressen. Var det deg, så oppgi"
        " denne koden der innen et døgn:",
        "da": "Nogen i forummet ({forum}) vil have besked på denne adresse. Var det dig, så angiv"
        " denne kode dér inden for et døgn:",
        "fi": "Joku foorumilla ({forum}) haluaa ilmoitukset tähän osoitteeseen. Jos se olit sinä,"
        " anna siellä vuorokauden kuluessa tämä koodi:",
        "de": "Jemand im Forum ({forum}) möchte unter dieser Adresse benachrichtigt werden. Wenn"
        " Sie das waren, geben Sie dort innerhalb eines Tages diesen Code ein:",
    },
    "mail_confirm_ignore": {
        "en": "If it was somebody else, do nothing: without the code nothing is sent here.",
        "sv": "Var det någon annan behöver du inte göra något: utan koden skickas inget hit.",
        "nb": "Var det noen andre, trenger du ikke gjøre noe: uten koden sendes ingenting hit.",
        "da": "Var det en anden, skal du ikke gøre noget: uden koden sendes der intet hertil.",
        "fi": "Jos se oli joku muu, sinun ei tarvitse tehdä mitään: ilman koodia tänne ei lähetetä"
        " mitään.",
        "de": "War es jemand anderes, müssen Sie nichts tun: Ohne den Code wird nichts hierher"
        " geschickt.",
    },
}
