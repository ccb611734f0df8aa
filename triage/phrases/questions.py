"""Codes of a posted question's timeline and of what is asked back -> sentences, six languages.

In: nothing. Out: QUESTION_PHRASES, which `phrases` holds with all others.
Not here: which code applies (lifecycle), filling in parameters (phrases).
"""

QUESTION_PHRASES: dict[str, dict[str, str]] = {
    "question_received": {
        "en": "We have received your question.",
        "sv": "Vi har tagit emot din fråga.",
        "nb": "Vi har mottatt spørsmålet ditt.",
        "da": "Vi har modtaget dit spørgsmål.",
        "fi": "Olemme vastaanottaneet kysymyksesi.",
        "de": "Ihre Frage ist bei uns eingegangen.",
    },
    "question_with_community": {
        "en": "Other customers can now see your question and answer it.",
        "sv": "Andra kunder kan nu se och besvara din fråga.",
        "nb": "Andre kunder kan nå se og svare på spørsmålet ditt.",
        "da": "Andre kunder kan nu se og besvare dit spørgsmål.",
        "fi": "Muut asiakkaat näkevät nyt kysymyksesi ja voivat vastata siihen.",
        "de": "Andere Kunden können Ihre Frage jetzt sehen und beantworten.",
    },
    "question_with_expert": {
        "en": "Your question is now with one of our experts.",
        "sv": "Din fråga ligger nu hos en av våra experter.",
        "nb": "Spørsmålet ditt er nå hos en av ekspertene våre.",
        "da": "Dit spørgsmål ligger nu hos en af vores eksperter.",
        "fi": "Kysymyksesi on nyt asiantuntijallamme.",
        "de": "Ihre Frage liegt jetzt bei einer unserer Fachkräfte.",
    },
    "question_waiting": {
        "en": "We need something more from you to go on.",
        "sv": "Vi behöver något mer från dig för att komma vidare.",
        "nb": "Vi trenger noe mer fra deg for å komme videre.",
        "da": "Vi har brug for lidt mere fra dig for at komme videre.",
        "fi": "Tarvitsemme sinulta lisätietoja voidaksemme jatkaa.",
        "de": "Wir brauchen noch etwas von Ihnen, um weiterzukommen.",
    },
    "question_answered": {
        "en": "Your question has an answer. Tell us whether it helped.",
        "sv": "Din fråga har fått ett svar. Berätta om det hjälpte.",
        "nb": "Spørsmålet ditt har fått et svar. Si fra om det hjalp.",
        "da": "Dit spørgsmål har fået et svar. Fortæl os, om det hjalp.",
        "fi": "Kysymykseesi on vastattu. Kerro, auttoiko vastaus.",
        "de": "Ihre Frage hat eine Antwort. Sagen Sie uns, ob sie geholfen hat.",
    },
    "question_another_answer": {
        "en": "Your question has another answer.",
        "sv": "Din fråga har fått ännu ett svar.",
        "nb": "Spørsmålet ditt har fått et svar til.",
        "da": "Dit spørgsmål har fået endnu et svar.",
        "fi": "Kysymykseesi on tullut toinenkin vastaus.",
        "de": "Ihre Frage hat eine weitere Antwort.",
    },
    "question_answered_elsewhere": {
        "en": "The same question was answered, and that answer is for you as well. Tell us if yours"
        " is another question.",
        "sv": "Samma fråga har besvarats, och svaret gäller även dig. Säg till om din fråga är en"
        " annan.",
        "nb": "Det samme spørsmålet er besvart, og svaret gjelder også deg. Si fra hvis ditt"
        " spørsmål er et annet.",
        "da": "Det samme spørgsmål er besvaret, og svaret gælder også dig. Sig til, hvis dit"
        " spørgsmål er et andet.",
        "fi": "Samaan kysymykseen on vastattu, ja vastaus koskee myös sinua. Kerro, jos kysymyksesi"
        " on eri.",
        "de": "Dieselbe Frage wurde beantwortet, und die Antwort gilt auch für Sie. Sagen Sie"
        " Bescheid, wenn Ihre eine andere ist.",
    },
    "question_solved": {
        "en": "You told us that this is solved.",
        "sv": "Du har sagt att det här är löst.",
        "nb": "Du har sagt at dette er løst.",
        "da": "Du har sagt, at det er løst.",
        "fi": "Kerroit, että asia on ratkennut.",
        "de": "Sie haben uns gesagt, dass es gelöst ist.",
    },
    "question_reopened": {
        "en": "Your question is open again.",
        "sv": "Din fråga är öppen igen.",
        "nb": "Spørsmålet ditt er åpent igjen.",
        "da": "Dit spørgsmål er åbent igen.",
        "fi": "Kysymyksesi on jälleen avoinna.",
        "de": "Ihre Frage ist wieder offen.",
    },
    "question_escalated": {
        "en": "Our staff take your question over.",
        "sv": "Vår personal tar över din fråga.",
        "nb": "Våre ansatte overtar spørsmålet ditt.",
        "da": "Vores medarbejdere overtager dit spørgsmål.",
        "fi": "Henkilökuntamme ottaa kysymyksesi hoitaakseen.",
        "de": "Unser Personal übernimmt Ihre Frage.",
    },
    "question_escalated_unanswered": {
        "en": "Your question has waited too long, so our staff take it over.",
        "sv": "Din fråga har väntat för länge, så vår personal tar över den.",
        "nb": "Spørsmålet ditt har ventet for lenge, så våre ansatte overtar det.",
        "da": "Dit spørgsmål har ventet for længe, så vores medarbejdere overtager det.",
        "fi": "Kysymyksesi on odottanut liian kauan, joten henkilökuntamme ottaa sen hoitaakseen.",
        "de": "Ihre Frage hat zu lange gewartet; darum übernimmt sie unser Personal.",
    },
    "question_escalated_wanted": {
        "en": "You asked for a person, so our staff take your question over.",
        "sv": "Du bad om en människa, så vår personal tar över din fråga.",
        "nb": "Du ba om et menneske, så våre ansatte overtar spørsmålet ditt.",
        "da": "Du bad om et menneske, så vores medarbejdere overtager dit spørgsmål.",
        "fi": "Pyysit ihmistä, joten henkilökuntamme ottaa kysymyksesi hoitaakseen.",
        "de": "Sie wollten mit einem Menschen sprechen; darum übernimmt unser Personal Ihre Frage.",
    },
    "question_closed": {
        "en": "Your question is closed. You can open it again.",
        "sv": "Din fråga är stängd. Du kan öppna den igen.",
        "nb": "Spørsmålet ditt er lukket. Du kan åpne det igjen.",
        "da": "Dit spørgsmål er lukket. Du kan åbne det igen.",
        "fi": "Kysymyksesi on suljettu. Voit avata sen uudelleen.",
        "de": "Ihre Frage ist geschlossen. Sie können sie wieder öffnen.",
    },
    "question_closed_no_reply": {
        "en": "We did not hear from you, so your question is closed. You can open it again.",
        "sv": "Vi hörde inget från dig, så din fråga är stängd. Du kan öppna den igen.",
        "nb": "Vi hørte ikke fra deg, så spørsmålet ditt er lukket. Du kan åpne det igjen.",
        "da": "Vi hørte ikke fra dig, så dit spørgsmål er lukket. Du kan åbne det igen.",
        "fi": "Emme kuulleet sinusta, joten kysymyksesi on suljettu. Voit avata sen uudelleen.",
        "de": "Wir haben nichts von Ihnen gehört; darum ist Ihre Frage geschlossen. Sie können sie"
        " wieder öffnen.",
    },
    "question_closed_not_confirmed": {
        "en": "Your question has an answer and is closed. If it did not help, open it again.",
        "sv": "Din fråga har ett svar och är stängd. Öppna den igen om svaret inte hjälpte.",
        "nb": "Spørsmålet ditt har et svar og er lukket. Åpne det igjen hvis svaret ikke hjalp.",
        "da": "Dit spørgsmål har et svar og er lukket. Åbn det igen, hvis svaret ikke hjalp.",
        "fi": "Kysymykseesi on vastattu, ja se on suljettu. Avaa se uudelleen, jos vastaus ei"
        " auttanut.",
        "de": "Ihre Frage hat eine Antwort und ist geschlossen. Öffnen Sie sie wieder, wenn die"
        " Antwort nicht geholfen hat.",
    },
    "question_closed_withdrawn": {
        "en": "You withdrew your question.",
        "sv": "Du har dragit tillbaka din fråga.",
        "nb": "Du har trukket spørsmålet ditt tilbake.",
        "da": "Du har trukket dit spørgsmål tilbage.",
        "fi": "Peruit kysymyksesi.",
        "de": "Sie haben Ihre Frage zurückgezogen.",
    },
    "question_closed_duplicate": {
        "en": "Your question is closed because the same one stands elsewhere.",
        "sv": "Din fråga är stängd eftersom samma fråga redan finns.",
        "nb": "Spørsmålet ditt er lukket fordi det samme allerede finnes.",
        "da": "Dit spørgsmål er lukket, fordi det samme allerede findes.",
        "fi": "Kysymyksesi on suljettu, koska sama kysymys on jo olemassa.",
        "de": "Ihre Frage ist geschlossen, weil es dieselbe schon gibt.",
    },
    "answer_in_hours": {
        "en": "Half of such questions have an answer within {half} h, nine in ten within {most} h.",
        "sv": "Hälften av sådana frågor får svar inom {half} h, nio av tio inom {most} h.",
        "nb": "Halvparten av slike spørsmål får svar innen {half} t, ni av ti innen {most} t.",
        "da": "Halvdelen af den slags spørgsmål får svar inden {half} t, ni ud af ti inden"
        " {most} t.",
        "fi": "Puolet tällaisista kysymyksistä saa vastauksen {half} tunnissa, yhdeksän kymmenestä"
        " {most} tunnissa.",
        "de": "Die Hälfte solcher Fragen hat binnen {half} Std. eine Antwort, neun von zehn binnen"
        " {most} Std.",
    },
    "answer_in_days": {
        "en": "Half of such questions have an answer within {half} d, nine in ten within {most} d.",
        "sv": "Hälften av sådana frågor får svar inom {half} dygn, nio av tio inom {most} dygn.",
        "nb": "Halvparten av slike spørsmål får svar innen {half} døgn, ni av ti innen"
        " {most} døgn.",
        "da": "Halvdelen af den slags spørgsmål får svar inden {half} døgn, ni ud af ti inden"
        " {most} døgn.",
        "fi": "Puolet tällaisista kysymyksistä saa vastauksen {half} vuorokaudessa, yhdeksän"
        " kymmenestä {most} vuorokaudessa.",
        "de": "Die Hälfte solcher Fragen hat binnen {half} Tg. eine Antwort, neun von zehn binnen"
        " {most} Tg.",
    },
    "answer_half_in_hours": {
        "en": "Half of such questions have an answer within {half} h.",
        "sv": "Hälften av sådana frågor får svar inom {half} h.",
        "nb": "Halvparten av slike spørsmål får svar innen {half} t.",
        "da": "Halvdelen af den slags spørgsmål får svar inden {half} t.",
        "fi": "Puolet tällaisista kysymyksistä saa vastauksen {half} tunnissa.",
        "de": "Die Hälfte solcher Fragen hat binnen {half} Std. eine Antwort.",
    },
    "answer_half_in_days": {
        "en": "Half of such questions have an answer within {half} d.",
        "sv": "Hälften av sådana frågor får svar inom {half} dygn.",
        "nb": "Halvparten av slike spørsmål får svar innen {half} døgn.",
        "da": "Halvdelen af den slags spørgsmål får svar inden {half} døgn.",
        "fi": "Puolet tällaisista kysymyksistä saa vastauksen {half} vuorokaudessa.",
        "de": "Die Hälfte solcher Fragen hat binnen {half} Tg. eine Antwort.",
    },
    "answer_time_unknown": {
        "en": "How long the first answer takes is not known yet.",
        "sv": "Hur lång tid det första svaret tar är ännu okänt.",
        "nb": "Hvor lang tid det første svaret tar, er ennå ikke kjent.",
        "da": "Hvor længe det første svar tager, vides endnu ikke.",
        "fi": "Ensimmäisen vastauksen kesto ei ole vielä tiedossa.",
        "de": "Wie lange die erste Antwort dauert, ist noch nicht bekannt.",
    },
    "ask_version": {
        "en": "Which version do you use?",
        "sv": "Vilken version använder du?",
        "nb": "Hvilken versjon bruker du?",
        "da": "Hvilken version bruger du?",
        "fi": "Mitä versiota käytät?",
        "de": "Welche Version verwenden Sie?",
    },
    "ask_error": {
        "en": "What exactly does the error message say?",
        "sv": "Vad står det exakt i felmeddelandet?",
        "nb": "Hva står det nøyaktig i feilmeldingen?",
        "da": "Hvad står der helt præcist i fejlmeddelelsen?",
        "fi": "Mitä virheilmoituksessa tarkalleen lukee?",
        "de": "Wie lautet die Fehlermeldung genau?",
    },
    "ask_steps": {
        "en": "What did you do, step by step, before it happened?",
        "sv": "Vad gjorde du, steg för steg, innan det hände?",
        "nb": "Hva gjorde du, steg for steg, før det skjedde?",
        "da": "Hvad gjorde du, trin for trin, før det skete?",
        "fi": "Mitä teit vaihe vaiheelta, ennen kuin se tapahtui?",
        "de": "Was haben Sie Schritt für Schritt getan, bevor es geschah?",
    },
    "ask_impact": {
        "en": "Who is affected, and what can you not do because of it?",
        "sv": "Vilka drabbas, och vad går inte att göra på grund av det?",
        "nb": "Hvem rammes, og hva får dere ikke gjort på grunn av det?",
        "da": "Hvem er ramt, og hvad kan I ikke gøre på grund af det?",
        "fi": "Keihin tämä vaikuttaa, ja mitä ette voi sen takia tehdä?",
        "de": "Wer ist betroffen, und was können Sie deswegen nicht tun?",
    },
    "ask_reply": {
        "en": "Please answer what our staff ask you.",
        "sv": "Svara på det som vår personal frågar dig om.",
        "nb": "Svar på det som våre ansatte spør deg om.",
        "da": "Svar på det, som vores medarbejdere spørger dig om.",
        "fi": "Vastaa siihen, mitä henkilökuntamme kysyy.",
        "de": "Bitte beantworten Sie, was unser Personal Sie fragt.",
    },
}
