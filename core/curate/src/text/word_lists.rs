//! Word lists of some languages: a language's two letters, and words in lower case between blanks.
//!
//! They are short on purpose, and every operator that reads them takes a list of the person's own instead.

/// Function words: articles, pronouns, prepositions, conjunctions, auxiliary verbs.
pub const STOP_WORDS: &[(&str, &str)] = &[
    (
        "en",
        "a about above after again against all also am an and any are as at be because been before being below \
         between both but by can could did do does doing down during each few for from further had has have having \
         he her here hers herself him himself his how i if in into is it its itself just like may me might more most \
         much must my myself no nor not now of off on once only or other our ours ourselves out over own same shall \
         she should since so some such than that the their theirs them themselves then there these they this those \
         through to too under until up upon us very was we were what when where whether which while who whom whose \
         why will with within without would you your yours yourself yourselves",
    ),
    (
        "de",
        "aber alle allem allen aller alles als also am an ander andere anderen anderer auch auf aus bei beim bin bis \
         bist da damit dann das dass dein deine dem den denn der des dessen dich die dies diese diesem diesen dieser \
         dieses dir doch dort du durch ein eine einem einen einer eines er es etwas euch euer für gegen gewesen hab \
         habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in indem ins \
         ist ja jede jedem jeden jeder jedes jene jetzt kann kein keine keinem keinen können könnte machen man \
         manche mein meine meinem meinen mich mir mit muss musste nach nicht nichts noch nun nur ob oder ohne sehr \
         sein seine seinem seinen seiner selbst sich sie sind so solche soll sollte sondern sonst über um und uns \
         unser unter viel vom von vor während war waren warst was weil welche wenn werde werden wie wieder will wir \
         wird wirst wo wollen wollte würde würden zu zum zur zwar zwischen",
    ),
    (
        "fr",
        "à afin ai ainsi alors après as au aucun aucune aussi autre autres aux avait avant avec avez avoir avons \
         bien c'est car ce cela celle celles celui ces cet cette ceux chaque chez comme comment dans de depuis des \
         donc dont du durant elle elles en encore entre es est et étaient était été être eu eux fait fut il ils je \
         la là le les leur leurs lors lui ma mais me même mes moi moins mon ne ni nos notre nous on ont ou où par \
         parce pas pendant peu peut plus pour pourquoi qu'il qu'un quand que quel quelle quelles quels qui quoi sa \
         sans se sera ses si son sont sous suis sur ta te tes toi ton tous tout toute toutes très trop tu un une \
         vers voici vos votre vous y",
    ),
    (
        "es",
        "a al algo algunas algunos ante antes aquel aquella así aún aunque bajo bien cada como cómo con contra cual \
         cuál cuando cuándo de del desde donde dónde durante e el él ella ellas ellos en entre era eran eres es esa \
         esas ese eso esos esta está están estas este esto estos fue fueron ha había han hasta hay he hemos la las \
         le les lo los más me mi mí mientras mis mucho muchos muy nada ni no nos nosotros nuestra nuestro o os otra \
         otras otro otros para pero poco por porque pues que qué quien quién se sea según ser si sí sido sin sino \
         sobre son soy su sus también tan tanto te tiene tienen todo todos tu tú tus un una unas uno unos vosotros \
         y ya yo",
    ),
    (
        "it",
        "a ad agli ai al alla alle allo anche ancora avere avete aveva c'è che chi ci come con contro così cui da \
         dagli dai dal dalla dalle dallo degli dei del della delle dello dentro di dopo dove due e è ed era erano \
         essere fa fra fu fuori gli ha hai hanno ho i il in io la le lei li lo loro lui ma me mentre mi mia mie miei \
         mio molto ne negli nei nel nella nelle nello no noi non nostra nostro o ogni per perché però più poco poi \
         prima qua quale quando quanto quella quelle quelli quello questa queste questi questo qui se sei sempre \
         senza si sia siamo siete solo sono sopra sotto sta su sua sue sugli sui sul sulla suo suoi te ti tra tu tua \
         tue tuo tutti tutto un una uno vi voi vostra vostro",
    ),
    (
        "pt",
        "a à ainda além algo alguns ante ao aos após aquela aquele aquilo as às até cada com como contra da das de \
         dela dele deles depois desde do dos durante e é ela elas ele eles em enquanto então entre era eram essa \
         essas esse esses esta está estão estas este estes eu foi foram há isso isto já la lhe lhes lo mais mas me \
         mesmo meu meus minha muito na nas nem no nos nós nossa nosso num numa não o onde os ou para pela pelas pelo \
         pelos pois por porque qual quando quanto que quem se seja sem ser seu seus si sido sob sobre sua suas são \
         só também tanto te tem têm teve ter tinha todo todos tu tua tudo um uma umas uns você vocês vos",
    ),
    (
        "nl",
        "aan al alle alles als altijd andere ben bij bent daar dan dat de der deze die dit doch doen door dus een eens \
         elk en er ge geen geweest haar had hadden heb hebben heeft hem hen het hier hij hoe hun iemand iets ik in is \
         ja je jij jou jouw jullie kan kon kunnen maar me meer men met mij mijn moet na naar niet niets nog nu of om \
         omdat onder ons onze ook op over reeds te tegen ten toch toen tot u uit uw van veel voor waar want waren was \
         wat we wel welke werd wezen wie wij wil worden wordt ze zelf zich zij zijn zo zonder zou zullen",
    ),
];

/// Words that are obscene or abusive, or advertised with such. A word of these does not make a text bad; many in few
/// words do.
pub const FLAGGED_WORDS: &[(&str, &str)] = &[
    (
        "en",
        "anal anus arse arsehole ass asshole assholes bastard bastards bdsm bitch bitches blowjob blowjobs \
         bollock bollocks boner boob boobs bukkake bullshit camgirl camgirls cialis clit clitoris cock cocks \
         cocksucker cocksuckers creampie cuckold cum cumming cumshot cumshots cunnilingus cunt cunts deepthroat dick \
         dickhead dicks dildo dildos doggystyle dominatrix dyke ejaculate ejaculated ejaculation erotic faggot fap \
         fapping fellatio femdom fetish fingering fisting footjob fuck fucked fucker fuckers fuckin fucking fucks \
         gangbang gangbangs goddamn handjob hardcore hentai hooker horny incest jackoff jerkoff jizz kinky \
         masturbate masturbated masturbates masturbating masturbation milf milfs motherfucker motherfuckers \
         motherfucking naked nigger niggers nipple nipples nude nudes nudity nymphomaniac orgasm orgasms orgy pegging \
         penis piss pissed porn porno pornographic pornography pornstar pornstars prick prostitute pubes pussies \
         pussy queef rape raped rapist retard rimjob schlong scrotum semen sex sexcam sexy shemale shit shithead \
         shitheads shits shitty skank skanks slut sluts slutty smut sodomy sperm spunk squirting strapon strapons \
         striptease swingers testicles threesome tit tits titties titty topless tosser twat twats upskirt upskirts \
         vagina viagra vibrator vibrators voyeur vulva wank wanker whore whores xxx",
    ),
    (
        "de",
        "abspritzen anal arsch arschficken arschloch bumsen dildo fick ficken fickt fotze fotzen geil hure huren \
         hurensohn kacke kanake lutschen milf möse muschi nutte nutten onanieren orgasmus penis pimmel pisse pissen \
         porno pornos sau scheide scheiß scheiße schlampe schlampen schwanz schwanzlutscher schwuchtel sex sperma \
         titten vagina vergewaltigung vögeln vollidiot wichsen wichser xxx",
    ),
    (
        "fr",
        "anal baise baiser bander bite bites bordel bougnoule branler branleur branlette chatte chier connard \
         connards connasse conne couille couilles cul emmerder enculé enculer éjaculation fellation foutre gouine \
         gueule jouir merde merdeux nègre nichons niquer orgasme pédé pénis pipe pisser porno putain pute putes \
         pétasse salaud salope salopes sexe sodomie sperme teub vagin viol xxx",
    ),
    (
        "es",
        "anal bollera cabrón cabrona cagar capullo chingada chingar chocho chupar chúpame cojones coño culo follada \
         follar folla gilipollas incesto joder jodido maricón mamada masturbación mierda orgasmo \
         orgía pajillero pendejo pene pezones polla pollas porno pornografía puta putas puto putos ramera \
         semen sexo tetas vagina verga violación xxx zorra",
    ),
    (
        "it",
        "anale bastardo bocchino cagare cazzi cazzo chiavare coglione coglioni cornuto culo fica figa finocchio \
         fottere fottuto frocio incesto inculare merda mignotta minchia orgasmo pene pippa pisciare pompino \
         porno puttana puttane sborra scopare scopata sesso sperma stronza stronzo tette troia troie \
         vaffanculo vagina xxx zoccola",
    ),
    (
        "pt",
        "anal babaca bicha boceta boquete bosta buceta bunda cacete cagar caralho chupar corno cu cuzão estupro foda \
         foder fodido gostosa merda orgasmo paneleiro pênis piroca porno porra punheta puta putas \
         puto sacanagem sexo siririca tesão transar vadia vagina veado viado xota xoxota xxx",
    ),
    (
        "nl",
        "aars anaal beffen eikel flikker geil godverdomme hoer hoeren kak klootzak klote kont kut kutten lul \
         lullen mietje neuken neukt nikker orgasme penis pijpen pissen porno reet seks \
         shit slet sletten sperma stront tering tieten trut vagina verkrachting xxx",
    ),
];

/// As [`FLAGGED_WORDS`] of English, terms of several words, for operators that look for them anywhere in the text.
pub const FLAGGED_PHRASES: &[&str] = &[
    "adult webcam",
    "barely legal",
    "blow job",
    "doggy style",
    "double penetration",
    "escort girls",
    "female ejaculation",
    "golden shower",
    "male enhancement pill",
    "nude pics",
    "penis enlargement",
    "penis pill",
    "phone sex",
    "sex chat",
    "sex toy",
    "strap on",
    "wet dream",
    "wife swapping",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_in_lower_case_in_order_and_of_several_words() {
        assert!(FLAGGED_PHRASES.is_sorted());
        for phrase in FLAGGED_PHRASES {
            assert_eq!(*phrase, phrase.to_lowercase());
            assert!(phrase.contains(' '), "{phrase}");
        }
    }

    #[test]
    fn lists_are_in_lower_case_and_without_repeats() {
        for (language, words) in STOP_WORDS.iter().chain(FLAGGED_WORDS) {
            let mut all: Vec<&str> = words.split_ascii_whitespace().collect();
            assert!(
                all.iter().all(|word| *word == word.to_lowercase()),
                "{language}"
            );
            let n_words = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), n_words, "{language}");
        }
    }
}
