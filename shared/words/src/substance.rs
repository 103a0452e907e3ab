//! Whether a comment says anything at all: the screen against invalid feedback.

use crate::fold::{is_han, is_letter, lower, narrow};

/// Sounds and particles: a text of these alone says nothing.
const SOUNDS: &str = "哈呵嘿嘻额呃啊哦噢嗷唉诶喔哇呀嗯吧呢吗嘛了的";

/// Characters that are an opinion, even alone or repeated.
const OPINIONS: &str = "好差贵慢脏吵乱臭烂棒赞热冷坏快难旧小远";

/// What people write into a field that they must not leave empty.
const PLACEHOLDERS: [&str; 27] = [
    "无",
    "暂无",
    "没",
    "没有",
    "没了",
    "没有了",
    "测试",
    "测试测试",
    "不知道",
    "略",
    "同上",
    "如题",
    "内容",
    "test",
    "testing",
    "none",
    "na",
    "nil",
    "null",
    "no",
    "nope",
    "nothing",
    "abc",
    "idk",
    "undefined",
    "lorem",
    "ipsum",
];

/// What a Chinese keyboard makes of keys that were hit at random.
const MASHED: [&str; 8] =
    ["阿斯顿", "阿斯蒂芬", "啊实打实", "阿萨德", "撒旦法", "法师打发", "啊手动阀", "爱仕达多"];

/// Chinese characters of a text in which such a piece stands for all of it.
const MASHED_HAN_MAX: usize = 16;

/// Keys in a row, read from left to right.
const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// Pairs of letters that no English word has.
const NO_PAIRS: &str = "\
    bq bx cx dx fq fx fz gq gx hx jb jc jd jf jg jh jk jl jm jp jq js jt jv jw jx jz kq kx kz \
    lx mx mz pq px qb qc qd qf qg qh qj qk ql qm qn qo qp qr qs qt qv qw qx qy qz sx tx vb vc \
    vd vf vg vh vj vk vm vn vp vq vt vw vx vz wq wx wv xj xk xz zb zf zg zj zq zr zs zx";

/// Words without a vowel that people write all the same.
const SHORT: [&str; 11] = ["thx", "pls", "plz", "tv", "pc", "sms", "pdf", "gps", "wtf", "hr", "vs"];

/// Whether `text` says something: not only punctuation, emoji, digits, one repeated character,
/// laughter, a placeholder, or keys hit at random.
///
/// A screen and no judge: it errs on the side of the customer, and "好" or "slow" pass.
pub fn is_substantial(text: &str) -> bool {
    let chars: Vec<char> = text.chars().map(|it| lower(narrow(it))).collect();
    let letters: String = chars.iter().filter(|it| is_han(**it) || is_letter(**it)).collect();
    if letters.is_empty() || PLACEHOLDERS.contains(&letters.as_str()) {
        return false;
    }
    has_han_substance(&letters) || has_word_substance(&chars)
}

fn has_han_substance(letters: &str) -> bool {
    let han = || letters.chars().filter(|it| is_han(*it));
    if han().count() <= MASHED_HAN_MAX && MASHED.iter().any(|it| letters.contains(it)) {
        return false;
    }
    let mut telling = han().filter(|it| !SOUNDS.contains(*it));
    let Some(first) = telling.next() else {
        return false;
    };
    OPINIONS.contains(first) || telling.any(|it| it != first)
}

/// Whether at least half of the letters of other scripts are in words that could be words.
fn has_word_substance(chars: &[char]) -> bool {
    let (mut all, mut likely) = (0, 0);
    for word in chars.split(|it| !is_letter(*it) && *it != '\'') {
        let word: Vec<char> = word.iter().copied().filter(|it| *it != '\'').collect();
        all += word.len();
        likely += if is_likely(&word) { word.len() } else { 0 };
    }
    0 < likely && all <= 2 * likely
}

fn is_likely(word: &[char]) -> bool {
    let text: String = word.iter().collect();
    let has_other = word.iter().any(|it| word.first() != Some(it));
    if word.len() < 2 || !has_other || 24 < word.len() {
        return false;
    }
    if word.iter().any(|it| !it.is_ascii()) || SHORT.contains(&text.as_str()) {
        return true;
    }
    let is_vowel = |it: &char| "aeiouy".contains(*it);
    let consonants = word.split(is_vowel).map(<[char]>::len).max().unwrap_or(0);
    let is_pair = |pair: &[u8]| NO_PAIRS.as_bytes().chunks(3).any(|it| it.starts_with(pair));
    let most_same = word.chunk_by(|a, b| a == b).map(<[char]>::len).max().unwrap_or(0);
    // Five as in "lengths"; six are in no word. Drawn-out words as "soooo" have vowels in threes.
    word.iter().any(is_vowel)
        && consonants <= 5
        && most_same < 6
        && !text.as_bytes().windows(2).any(is_pair)
        && !is_row(word)
        && !is_echo(word)
}

/// Whether most of a word is keys beside each other, as in asdf and sdfsdf.
fn is_row(word: &[char]) -> bool {
    let beside = |pair: &&[char]| {
        let pair: String = pair.iter().collect();
        ROWS.iter().any(|it| it.contains(&pair))
    };
    let count = word.windows(2).filter(beside).count();
    4 <= word.len() && 3 <= count && 3 * (word.len() - 1) <= 4 * count
}

/// Whether a word is one syllable of two letters again and again, as in haha.
fn is_echo(word: &[char]) -> bool {
    let is_same = word.iter().zip(word.iter().skip(2)).all(|(a, b)| a == b);
    4 <= word.len() && is_same
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_screened_out() {
        let texts = [
            "",
            " ",
            "。。。",
            "！！！？？",
            "😀😀👍",
            "123456",
            "2023-05-12 13:00",
            "...",
            "哈哈哈哈",
            "呵呵",
            "嗯嗯",
            "啊啊啊啊啊",
            "的",
            "口口口口",
            "一一一一",
            "无",
            "暂无。",
            "没有",
            "N/A",
            "none",
            "test",
            "测试",
            "aaaaaa",
            "a",
            "asdf",
            "asdfgh",
            "asdfasdf",
            "qwerty",
            "sdfsdf",
            "dfgdfgdf",
            "jkl;jkl;",
            "hjkhkj",
            "xkcjvhq",
            "zxcvbn",
            "hahaha",
            "hahahahaha",
            "ｑｗｅｒ",
            "阿斯顿发",
            "啊实打实的",
            "666",
            "qzxv wqpk",
            "bcdfg",
            "?a?b?c",
            "\0\u{200b}",
        ];
        let wrong: Vec<_> = texts.iter().filter(|it| is_substantial(it)).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn the_pairs_are_pairs() {
        assert!(NO_PAIRS.split(' ').all(|it| it.len() == 2));
    }

    #[test]
    fn what_says_something_passes() {
        let texts = [
            "好",
            "差",
            "差差差",
            "太贵了",
            "服务很好",
            "物流慢",
            "没有发票",
            "不知道怎么退款",
            "客服态度差！！！",
            "哈哈不错",
            "水电费太高",
            "无理由退货被拒",
            "测试环境打不开",
            "ok 不错",
            "good",
            "Slow",
            "too slow",
            "bad service",
            "I were overcharged",
            "The property is dirty",
            "power cut",
            "thx",
            "not happy",
            "soooo slow",
            "app crashes on startup",
            "strengths",
            "Wi-Fi is bad",
            "don't like it",
            "très bien",
            "очень плохо",
            "とても良い",
            "refund 5 days",
            "rhythm",
            "weird",
            "reward points",
            "asdf no but the room was fine",
            "差评差评差评",
        ];
        let wrong: Vec<_> = texts.iter().filter(|it| !is_substantial(it)).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
