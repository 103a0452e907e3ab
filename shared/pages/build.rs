//! Makes the style sheets and the script small enough, and names them by their hashes, into
//! `$OUT_DIR`.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use sha2::{Digest, Sha256};

type Failure = Box<dyn Error>;

fn main() -> Result<(), Failure> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src");
    let read = |name: &str| fs::read_to_string(format!("src/{name}"));
    let style = short(&read("style.css")?)?;
    let colours = read("colours.txt")?;
    let colours = colours.lines().map(Colour::read).collect::<Result<Vec<_>, _>>()?;
    let chart = short(&read("chart.css")?)?;
    let board = format!("{style}{}{chart}{}", schemes(&colours), short(&read("board.css")?)?);
    let mut rust = String::new();
    for (name, about, text) in [
        ("STYLE", "The style sheet of our pages.", &style),
        ("BOARD_STYLE", "The style sheet of pages of figures: that of our pages and more.", &board),
    ] {
        constant(&mut rust, name, about, text);
        path(&mut rust, name, "style", "css", text)?;
    }
    let script = read("board.js")?;
    constant(&mut rust, "BOARD_SCRIPT", "The script of pages of figures.", &script);
    path(&mut rust, "BOARD_SCRIPT", "script", "js", &script)?;
    let desk = format!("{board}{}", short(&joined("css")?)?);
    let about = "The style sheet of the desk: that of figures and more.";
    constant(&mut rust, "DESK_STYLE", about, &desk);
    path(&mut rust, "DESK_STYLE", "style", "css", &desk)?;
    let script = joined("js")?;
    constant(&mut rust, "DESK_SCRIPT", "The script of the desk.", &script);
    path(&mut rust, "DESK_SCRIPT", "script", "js", &script)?;
    let alone = alone(&chart, &colours);
    constant(&mut rust, "CHART_STYLE", "The style of a chart that is a file of its own.", &alone);
    Ok(fs::write(Path::new(&env::var("OUT_DIR")?).join("style.rs"), rust)?)
}

/// The files of the desk of one kind, in the order of their names.
fn joined(kind: &str) -> Result<String, Failure> {
    let mut paths = Vec::new();
    for entry in fs::read_dir("src/desk")? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == kind) {
            paths.push(path);
        }
    }
    paths.sort();
    let texts = paths.iter().map(fs::read_to_string).collect::<Result<Vec<_>, _>>()?;
    Ok(texts.concat())
}

fn constant(rust: &mut String, name: &str, about: &str, text: &str) {
    *rust += &format!("/// {about}\npub const {name}: &str = {text:?};\n");
}

/// Where a text is: another one has another path, so it may be kept for ever.
fn path(
    rust: &mut String,
    name: &str,
    folder: &str,
    kind: &str,
    text: &str,
) -> Result<(), Failure> {
    let mut path = format!("/{folder}/");
    for byte in Sha256::digest(text).iter().take(6) {
        write!(path, "{byte:02x}")?;
    }
    constant(rust, &format!("{name}_PATH"), "Where that is.", &format!("{path}.{kind}"));
    Ok(())
}

/// A colour: its name, in light, in dark, and of whoever has colours of their own.
struct Colour([String; 4]);

impl Colour {
    fn read(line: &str) -> Result<Colour, Failure> {
        let mut words = line.split_whitespace().map(str::to_owned);
        let mut next = || words.next().ok_or_else(|| format!("{line}: four words, please"));
        Ok(Colour([next()?, next()?, next()?, next()?]))
    }

    fn in_scheme(&self, scheme: usize) -> &str {
        self.0.get(scheme).map_or("", String::as_str)
    }
}

/// The colours of a page. It may ask for one of the schemes, whatever its reader has.
fn schemes(colours: &[Colour]) -> String {
    let of = |scheme: usize| -> String {
        colours.iter().map(|it| format!("--{}:{};", it.0[0], it.in_scheme(scheme))).collect()
    };
    format!(
        ":root{{{}}}@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\
         :root[data-theme=dark]{{{dark}color-scheme:dark}}:root[data-theme=light]\
         {{color-scheme:light}}@media (forced-colors:active){{:root:root:root{{{}}}}}",
        of(1),
        of(3),
        dark = of(2),
    )
}

/// The style of a chart without names of colours, which few programs but browsers know. The light
/// ones come first, for whatever knows nothing of schemes.
fn alone(chart: &str, colours: &[Colour]) -> String {
    let dark = told(&coloured(chart), colours, 2);
    let forced = told(&coloured(chart), colours, 3);
    format!(
        "{}@media (prefers-color-scheme:dark){{{dark}}}@media (forced-colors:active){{{forced}}}",
        told(chart, colours, 1)
    )
}

fn told(style: &str, colours: &[Colour], scheme: usize) -> String {
    colours.iter().fold(style.to_owned(), |style, it| {
        style.replace(&format!("var(--{})", it.0[0]), it.in_scheme(scheme))
    })
}

/// Of a style sheet, what names a colour.
fn coloured(style: &str) -> String {
    let mut rules = String::new();
    for (selector, rule) in style.split('}').filter_map(|it| it.split_once('{')) {
        let kept: Vec<&str> = rule.split(';').filter(|it| it.contains("var(")).collect();
        if !kept.is_empty() {
            rules += &format!("{selector}{{{}}}", kept.join(";"));
        }
    }
    rules
}

/// A style sheet without comments and line breaks.
fn short(source: &str) -> Result<String, Failure> {
    let mut parts = source.split("/*");
    let mut words = parts.next().unwrap_or("").to_owned();
    for part in parts {
        words.push_str(part.split_once("*/").ok_or("a comment does not end")?.1);
    }
    let mut short = String::with_capacity(words.len());
    for word in words.split_whitespace() {
        // A space that is left parts selectors from each other, or values.
        let joins = |it: char| "{};:,>".contains(it);
        if !short.ends_with(joins) && !word.starts_with(|it| "{};,>".contains(it)) {
            short.push(' ');
        }
        short.push_str(word);
    }
    Ok(short.trim_start().replace(";}", "}"))
}
