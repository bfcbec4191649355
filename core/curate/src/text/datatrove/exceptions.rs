//! Pieces of text that spaCy's English tokenizer splits by list instead of by rule.

use std::{collections::HashMap, sync::OnceLock};

/// A piece and where it is split.
pub struct Exception {
    pub text: String,
    /// Length in bytes of each word, which together make up `text`.
    pub word_lens: Vec<usize>,
}

/// The list, by text.
pub struct Exceptions {
    by_text: HashMap<String, Vec<usize>>,
    /// Bit `len` of entry `first byte`: whether there is such an exception.
    lens_by_first_byte: [u64; 256],
}

impl Exceptions {
    /// The lengths of the words that `piece` is split into, if it is in the list.
    pub fn get(&self, piece: &str) -> Option<&[usize]> {
        let first = usize::from(*piece.as_bytes().first()?);
        let is_possible =
            piece.len() < 64 && self.lens_by_first_byte[first] >> piece.len() & 1 == 1;
        if !is_possible {
            return None;
        }
        self.by_text.get(piece).map(Vec::as_slice)
    }

    /// The shared list.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Exceptions> = OnceLock::new();
        SHARED.get_or_init(|| {
            let mut shared = Self {
                by_text: HashMap::new(),
                lens_by_first_byte: [0; 256],
            };
            for exception in all() {
                if let Some(first) = exception.text.bytes().next() {
                    shared.lens_by_first_byte[usize::from(first)] |=
                        1 << exception.text.len().min(63);
                }
                shared.by_text.insert(exception.text, exception.word_lens);
            }
            shared
        })
    }
}

/// Every exception once, also with a typographic apostrophe where it has a straight one.
pub fn all() -> Vec<Exception> {
    let mut words: Vec<Vec<String>> = Vec::new();
    let mut add =
        |parts: &[&str]| words.push(parts.iter().map(|part| (*part).to_owned()).collect());
    for (stems, endings) in CONTRACTIONS {
        for stem in stems.split(' ') {
            for stem in [stem.to_owned(), title_case(stem)] {
                for ending in endings.split(' ') {
                    let mut parts = vec![stem.as_str()];
                    parts.extend(ending.split('+'));
                    if !NOT_CONTRACTED.contains(&parts.concat().as_str()) {
                        add(&parts);
                    }
                }
            }
        }
    }
    for hour in 1..=12 {
        for half in ["a.m.", "am", "p.m.", "pm"] {
            add(&[&hour.to_string(), half]);
        }
    }
    for degree in ["c", "f", "k", "C", "F", "K"] {
        add(&["°", degree, "."]);
    }
    for parts in SPLIT.split_whitespace() {
        add(&parts.split('+').collect::<Vec<_>>());
    }
    for whole in WHITE_SPACE.iter().copied().chain(WHOLE.split_whitespace()) {
        add(&[whole]);
    }
    for letter in ('a'..='z').chain(['ä', 'ö', 'ü']) {
        add(&[&format!("{letter}.")]);
    }
    for word in CLIPPED.split_whitespace() {
        for word in [word.to_owned(), title_case(word)] {
            add(&[&word]);
            add(&[&format!("{word}'")]);
        }
    }

    let curly: Vec<Vec<String>> = words
        .iter()
        .filter(|parts| parts.iter().any(|part| part.contains('\'')))
        .map(|parts| parts.iter().map(|part| part.replace('\'', "’")).collect())
        .collect();
    words.extend(curly);
    let exceptions = words.into_iter().map(|parts| Exception {
        text: parts.concat(),
        word_lens: parts.iter().map(String::len).collect(),
    });
    exceptions.collect()
}

fn title_case(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// Stems, in lower and in title case, and the endings that are split from them; `+` stands between two endings.
const CONTRACTIONS: &[(&str, &str)] = &[
    ("i", "'m m 'm+a m+a"),
    (
        "i you he she it we they who what when where why how there that this these those",
        "'ll ll 'll+'ve ll+ve 'd d 'd+'ve d+ve",
    ),
    (
        "i you we they who what when where why how there these those",
        "'ve ve",
    ),
    (
        "you we they who what when where why how there these those",
        "'re re",
    ),
    (
        "he she it who what when where why how there that this",
        "'s s",
    ),
    (
        "ca could do does did had may might must need ought sha should wo would",
        "n't nt n't+'ve nt+ve",
    ),
    ("could might must should would", "'ve ve"),
    ("ai are is was were have has dare", "n't nt"),
];

/// Words that only look like contractions.
const NOT_CONTRACTED: &[&str] = &[
    "Ill", "ill", "Its", "its", "Hell", "hell", "Shell", "shell", "Shed", "shed", "were", "Were",
    "Well", "well", "Whore", "whore",
];

const SPLIT: &str = "y'+all y+all how+'d+'y How+'d+'y not+'ve not+ve Not+'ve Not+ve can+not Can+not gon+na Gon+na \
    got+ta Got+ta let+'s Let+'s c'm+on C'm+on";

const WHITE_SPACE: &[&str] = &[" ", "\t", "\n", "\u{a0}"];

/// Words that may lose their last letter, with an apostrophe or without, in lower and in title case.
const CLIPPED: &str = "doin goin nothin nuthin ol somethin lovin havin";

const WHOLE: &str = r#"
    \t \n — ' \") <space> '' C++
    em 'em ll 'll nuff 'nuff 'S 's ‘S ‘s and/or w/o 're 'Cause 'cause 'cos 'Cos 'coz 'Coz 'cuz 'Cuz 'bout
    ma'am Ma'am o'clock O'clock 'd
    Mt. Ak. Ala. Apr. Ariz. Ark. Aug. Calif. Colo. Conn. Dec. Del. Feb. Fla. Ga. Ia. Id. Ill. Ind. Jan. Jul. Jun.
    Kan. Kans. Ky. La. Mar. Mass. Mich. Minn. Miss. N.C. N.D. N.H. N.J. N.M. N.Y. Neb. Nebr. Nev. Nov. Oct. Okla.
    Ore. Pa. S.C. Sep. Sept. Tenn. Va. Wash. Wis.
    a.m. Adm. Bros. co. Co. Corp. D.C. Dr. e.g. E.g. E.G. Gen. Gov. i.e. I.e. I.E. Inc. Jr. Ltd. Md. Messrs. Mo.
    Mont. Mr. Mrs. Ms. p.m. Ph.D. Prof. Rep. Rev. Sen. St. vs. v.s.
    :) :-) :)) :-)) :))) :-))) (: (-: =) (= :] :-] [: [-: [= =] :o) (o: :} :-} 8) 8-) (-8 ;) ;-) (; (-; :( :-( :((
    :-(( :((( :-((( ): )-: =( >:( :') :'-) :'( :'-( :/ :-/ =/ =| :| :-| ]= =[ :1 :P :-P :p :-p :O :-O :o :-o :0
    :-0 :() >:o :* :-* :3 :-3 =3 :> :-> :X :-X :x :-x :D :-D ;D ;-D =D xD XD xDD XDD 8D 8-D
    ^_^ ^__^ ^___^ >.< >.> <.< ._. ;_; -_- -__- v.v V.V v_v V_V o_o o_O O_o O_O 0_o o_0 0_0 o.O O.o O.O o.o 0.0 o.0
    0.o @_@ <3 <33 <333 </3 (^_^) (-_-) (._.) (>_<) (*_*) (¬_¬) ಠ_ಠ ಠ︵ಠ (ಠ_ಠ) ¯\(ツ)/¯ (╯°□°）╯︵┻━┻ ><(((*>
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contractions_are_split_and_look_alikes_are_not() {
        let split = |piece: &str| Exceptions::shared().get(piece).map(<[usize]>::to_vec);
        assert_eq!(split("don't"), Some(vec![2, 3]));
        assert_eq!(split("I’ll've"), None);
        assert_eq!(split("I’ll’ve"), Some(vec![1, 5, 5]));
        assert_eq!(split("cannot"), Some(vec![3, 3]));
        assert_eq!(split("its"), None);
        assert_eq!(split("12am"), Some(vec![2, 2]));
        assert_eq!(split("Mr."), Some(vec![3]));
        assert_eq!(split("(╯°□°）╯︵┻━┻"), Some(vec!["(╯°□°）╯︵┻━┻".len()]));
    }
}
