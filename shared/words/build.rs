//! Fits the two shipped models to `corpus/` and leaves them in `$OUT_DIR`.
//!
//! The corpus is a grammar, not a list of texts: phrases with slots, which this program strings
//! together into reviews of one to a dozen clauses. Everything is drawn from fixed seeds, so the
//! same corpus gives the same bytes. `README.md` describes the files.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

#[expect(unreachable_pub, reason = "a module of the library, seen from here")]
#[path = "src/features.rs"]
mod features;
#[expect(dead_code, unreachable_pub, reason = "a module of the library, seen from here")]
#[path = "src/fold.rs"]
mod fold;
#[expect(dead_code, unreachable_pub, reason = "a module of the library, seen from here")]
#[path = "src/model.rs"]
mod model;
#[expect(dead_code, unreachable_pub, reason = "a module of the library, seen from here")]
#[path = "src/train.rs"]
mod train;

use train::{Options, Review, train};

/// Slots may stand in slots, but not for ever.
const MAX_DEPTH: usize = 6;

/// What comes before the clause that decides, after one that says the opposite.
const TURNS: [(&str, &[&str]); 2] = [
    ("zh", &["但是", "但", "不过", "可是", "只是", "就是", "然而", "，但是", "结果"]),
    ("en", &["but ", "however ", "but sadly ", "still, ", "yet ", "but then "]),
];

/// How many clauses a text has, each as often as the others: most comments are short, some go
/// on and on.
const CLAUSES: [usize; 10] = [1, 1, 1, 2, 2, 3, 3, 4, 5, 7];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    // Not all of `src`: the weights depend on nothing else there.
    for path in ["src/features.rs", "src/fold.rs", "src/model.rs", "src/train.rs", "corpus"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let out = env::var("OUT_DIR")?;
    let sentiment = Options {
        grams: 2,
        features: 4_500,
        min_examples: 2,
        cost: 0.3,
        passes: 8,
        review: Review::Margin(0.15),
    };
    let plan = Plan { texts: 4_000, contrast: 0.2 };
    fit("sentiment", &sentiment, plan, Path::new(&out))?;
    let topic = Options {
        grams: 2,
        features: 2_600,
        min_examples: 2,
        cost: 0.2,
        passes: 8,
        review: Review::Margin(0.15),
    };
    fit("topic", &topic, Plan { texts: 600, contrast: 0.0 }, Path::new(&out))
}

/// How to make texts.
#[derive(Clone, Copy)]
struct Plan {
    /// Texts per label and language.
    texts: usize,
    /// The share of texts in which a clause of another label comes first.
    contrast: f64,
}

/// Fits one model to the files of both languages.
fn fit(name: &str, options: &Options, plan: Plan, out: &Path) -> Result<(), Box<dyn Error>> {
    let mut texts: Vec<(String, String)> = Vec::new();
    for (language, turns) in TURNS {
        let mut source = fs::read_to_string(format!("corpus/slots_{language}.tsv"))?;
        source.push('\n');
        source.push_str(&fs::read_to_string(format!("corpus/{name}_{language}.tsv"))?);
        let grammar = Grammar::parse(&source)?;
        texts.extend(grammar.texts(plan, turns, language == "en"));
    }
    let pairs: Vec<(&str, &str)> =
        texts.iter().map(|(text, label)| (text.as_str(), label.as_str())).collect();
    let model = train(&pairs, options)?;
    Ok(fs::write(out.join(format!("{name}.bin")), model.bytes)?)
}

/// A corpus file.
struct Grammar<'s> {
    /// What may stand in a `{slot}`.
    slots: BTreeMap<&'s str, Vec<&'s str>>,
    /// The phrases of each label.
    phrases: BTreeMap<&'s str, Vec<&'s str>>,
    /// Phrases that go with every label.
    any: Vec<&'s str>,
}

impl<'s> Grammar<'s> {
    /// Reads lines `label[*times]<TAB>phrase|phrase…`, `{slot}<TAB>…` and `any<TAB>…`.
    fn parse(source: &'s str) -> Result<Self, Box<dyn Error>> {
        let mut slots: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut phrases: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let lines = source.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        for line in lines {
            let (head, tail) = line.split_once('\t').ok_or_else(|| format!("no tab: {line}"))?;
            let (label, times) = head.split_once('*').unwrap_or((head, "1"));
            let times: usize = times.parse()?;
            let slot = label.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            let list = match slot {
                Some(slot) => slots.entry(slot).or_default(),
                None => phrases.entry(label).or_default(),
            };
            for _ in 0..times {
                list.extend(tail.split('|').filter(|phrase| !phrase.is_empty()));
            }
        }
        let any = phrases.remove("any").unwrap_or_default();
        let grammar = Self { slots, phrases, any };
        grammar.check()?;
        Ok(grammar)
    }

    /// Whether every slot that a phrase names exists.
    fn check(&self) -> Result<(), Box<dyn Error>> {
        let all = self.phrases.values().chain(self.slots.values()).chain([&self.any]);
        for phrase in all.flatten() {
            for piece in phrase.split('{').skip(1) {
                let (slot, _) = piece.split_once('}').ok_or_else(|| format!("in {phrase}"))?;
                if !self.slots.contains_key(slot) {
                    return Err(format!("no slot {slot} for {phrase}").into());
                }
            }
        }
        Ok(())
    }

    /// Texts with their labels.
    fn texts(&self, plan: Plan, turns: &[&str], spaced: bool) -> Vec<(String, String)> {
        let mut texts = Vec::new();
        for (label, own) in &self.phrases {
            let mut rng = Rng(label.bytes().fold(u64::from(spaced), |h, b| h * 31 + u64::from(b)));
            let others: Vec<&str> = self
                .phrases
                .iter()
                .filter(|(other, _)| *other != label)
                .flat_map(|(_, phrases)| phrases.iter().copied())
                .collect();
            let mut deck = Deck::new(own);
            for _ in 0..plan.texts {
                let mut clauses = Vec::new();
                if rng.chance(plan.contrast) {
                    let other = self.expand(rng.pick(&others), &mut rng, 0);
                    let turn = rng.pick(turns);
                    let own = self.expand(deck.draw(&mut rng), &mut rng, 0);
                    clauses.push(other);
                    clauses.push(format!("{turn}{own}"));
                }
                for _ in 0..CLAUSES.get(rng.below(CLAUSES.len())).copied().unwrap_or(1) {
                    clauses.push(self.expand(deck.draw(&mut rng), &mut rng, 0));
                    if !self.any.is_empty() && rng.chance(0.4) {
                        clauses.push(self.expand(rng.pick(&self.any), &mut rng, 0));
                    }
                }
                texts.push((join(&clauses, spaced, &mut rng), (*label).to_owned()));
            }
        }
        texts
    }

    /// `phrase` with its slots filled.
    fn expand(&self, phrase: &str, rng: &mut Rng, depth: usize) -> String {
        let mut text = String::new();
        for (at, piece) in phrase.split('{').enumerate() {
            match piece.split_once('}').filter(|_| at > 0) {
                Some((slot, after)) => {
                    let choices = self.slots.get(slot).filter(|_| depth < MAX_DEPTH);
                    if let Some(choices) = choices {
                        let choice = rng.pick(choices);
                        text.push_str(&self.expand(choice, rng, depth + 1));
                    }
                    text.push_str(after);
                }
                None => text.push_str(piece),
            }
        }
        text
    }
}

/// Clauses with what people put between them.
fn join(clauses: &[String], spaced: bool, rng: &mut Rng) -> String {
    let marks: &[&str] = if spaced {
        &[". ", ", ", ". ", "; ", " and "]
    } else {
        &["，", "，", "。", "，", " ", "。", "；"]
    };
    let mut text = String::new();
    for (at, clause) in clauses.iter().enumerate() {
        if at > 0 {
            text.push_str(rng.pick(marks));
        }
        text.push_str(clause);
    }
    text
}

/// Phrases in an order that comes to each once before it comes to one again.
struct Deck<'s> {
    cards: Vec<&'s str>,
    next: usize,
}

impl<'s> Deck<'s> {
    fn new(cards: &[&'s str]) -> Self {
        Self { cards: cards.to_vec(), next: 0 }
    }

    fn draw(&mut self, rng: &mut Rng) -> &'s str {
        if self.next == 0 {
            train::shuffle(&mut self.cards, rng.next());
        }
        let card = self.cards.get(self.next).copied().unwrap_or_default();
        self.next = (self.next + 1) % self.cards.len().max(1);
        card
    }
}

/// `SplitMix64` (Steele, Lea and Flood, 2014).
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % (n.max(1) as u64)).unwrap_or_default()
    }

    fn chance(&mut self, share: f64) -> bool {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64 >= 1.0 - share
    }

    fn pick<'t>(&mut self, items: &[&'t str]) -> &'t str {
        let at = self.below(items.len());
        items.get(at).copied().unwrap_or_default()
    }
}
