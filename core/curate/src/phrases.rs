//! Words and sentence patterns of the web-text sample, written for it. A `{}` takes a noun phrase.

/// A language of the sample.
pub struct Language {
    /// ISO 639-1 code.
    pub code: &'static str,
    pub nouns: &'static [&'static str],
    pub patterns: &'static [&'static str],
}

pub const ENGLISH: Language = Language {
    code: "en",
    nouns: &[
        "the old reservoir",
        "a narrow bridge",
        "the night train",
        "the library roof",
        "a field of barley",
        "the harbour wall",
        "the village school",
        "a broken turbine",
        "the spring flood",
        "the market hall",
        "a stone weir",
        "the northern valley",
        "the repair crew",
        "a weather station",
        "the city archive",
        "the apple orchard",
        "a ferry timetable",
        "the council report",
        "the mountain path",
        "a copper kettle",
        "the river gauge",
        "an empty warehouse",
        "the choir",
        "a long winter",
        "the garden pump",
    ],
    patterns: &[
        "In the morning {} was measured again, because {} had changed more than anybody expected.",
        "Nobody could say why {} was closed while {} stayed open for another week.",
        "The engineers compared {} with {} and wrote down every difference.",
        "When the water rose, {} disappeared first and {} followed two days later.",
        "People who live near {} remember that {} was once much larger.",
        "After the meeting the mayor explained how {} would be paid for, and what {} had cost.",
        "It took three summers until {} could be seen from {}.",
        "There is a photograph of {} in which {} can hardly be recognised.",
        "We asked whether {} depends on {}, but the answer was not simple.",
        "The report says that {} should be kept, although {} needs more room.",
        "She had written about {} for years before she ever visited {}.",
        "On some evenings {} is so quiet that you can hear {} from far away.",
    ],
};

pub const OTHERS: [Language; 4] = [
    Language {
        code: "de",
        nouns: &[
            "der alte Stausee",
            "die schmale Brücke",
            "der Nachtzug",
            "das Dach der Bücherei",
            "die Hafenmauer",
            "die Dorfschule",
            "das Hochwasser im Frühjahr",
            "die Markthalle",
            "das nördliche Tal",
            "der lange Winter",
        ],
        patterns: &[
            "Am Morgen wurde noch einmal gemessen, denn {} hatte sich stärker verändert, als man erwartet hatte.",
            "Niemand konnte sagen, warum {} geschlossen war, während {} noch eine Woche lang offen blieb.",
            "Wer in der Nähe wohnt, erinnert sich daran, dass {} früher viel größer gewesen ist.",
            "Es gibt eine Fotografie, auf der {} kaum zu erkennen ist, obwohl {} deutlich zu sehen bleibt.",
            "Nach der Sitzung erklärte der Bürgermeister, wie {} bezahlt werden soll und was {} gekostet hat.",
        ],
    },
    Language {
        code: "fr",
        nouns: &[
            "le vieux barrage",
            "le pont étroit",
            "le train de nuit",
            "le toit de la bibliothèque",
            "le mur du port",
            "l'école du village",
            "la crue du printemps",
            "la halle du marché",
            "la vallée du nord",
            "le long hiver",
        ],
        patterns: &[
            "Le matin on a mesuré encore une fois, parce que {} avait changé plus que prévu.",
            "Personne ne savait pourquoi {} était fermé alors que {} restait ouvert une semaine de plus.",
            "Les gens qui habitent près d'ici se souviennent que {} était autrefois beaucoup plus grand.",
            "Il existe une photographie sur laquelle on reconnaît à peine {}, bien que {} soit très visible.",
            "Après la réunion, la maire a expliqué comment {} serait payé et ce que {} avait coûté.",
        ],
    },
    Language {
        code: "es",
        nouns: &[
            "el viejo embalse",
            "el puente estrecho",
            "el tren nocturno",
            "el techo de la biblioteca",
            "el muro del puerto",
            "la escuela del pueblo",
            "la crecida de primavera",
            "el mercado cubierto",
            "el valle del norte",
            "el largo invierno",
        ],
        patterns: &[
            "Por la mañana se midió otra vez, porque {} había cambiado más de lo que nadie esperaba.",
            "Nadie sabía decir por qué {} estaba cerrado mientras {} seguía abierto una semana más.",
            "La gente que vive cerca recuerda que {} era antes mucho más grande que ahora.",
            "Hay una fotografía en la que apenas se reconoce {}, aunque {} se ve con toda claridad.",
            "Después de la reunión la alcaldesa explicó cómo se pagaría {} y cuánto había costado {}.",
        ],
    },
    Language {
        code: "ru",
        nouns: &[
            "старое водохранилище",
            "узкий мост",
            "ночной поезд",
            "крыша библиотеки",
            "деревенская школа",
            "весеннее половодье",
            "северная долина",
            "долгая зима",
        ],
        patterns: &[
            "Утром измерили ещё раз, потому что {} изменилось больше, чем кто-либо ожидал.",
            "Никто не мог сказать, почему {} закрыли, в то время как {} оставалось открытым ещё неделю.",
            "Люди, которые живут рядом, помнят, что {} раньше было намного больше.",
            "После собрания глава города объяснил, как будут оплачены {} и сколько стоило {}.",
        ],
    },
];

/// Lines that many pages carry word for word.
pub const BOILERPLATE: &[&str] = &[
    "We value your privacy. Accept all cookies or manage your settings.",
    "Home | About | Contact | Terms of use | Privacy policy",
    "Subscribe to our newsletter and never miss an article.",
    "All rights reserved. No part of this site may be reproduced.",
    "Please enable JavaScript to view the comments.",
    "Share this article: Facebook Twitter E-mail Print",
];

/// Spam repeats its offers.
pub const SPAM: &[&str] = &[
    "Buy the best kettles online today!!!",
    "Fast delivery on all orders over 20.",
    "Click here click here click here to claim your FREE prize.",
    "Cheap cheap cheap watches, best price guaranteed.",
    "Limited offer, order now and save 90 %.",
    "Win money from home, no experience needed.",
];

pub const FIRST_NAMES: &[&str] = &[
    "Ada", "Bruno", "Chen", "Dalia", "Emeka", "Freya", "Goran", "Hana", "Ivo", "Jun",
];
pub const LAST_NAMES: &[&str] = &[
    "Almeida", "Bauer", "Cooper", "Dimitrov", "Eriksen", "Fontaine", "Garcia", "Haas", "Ito",
    "Jansen",
];
