//! Grades files of real texts with the shipped policy and says what it did and why.
//!
//! `cargo run -p grade --example real -- FOLDER [--from GRADE]` prints how many texts of each
//! file got which grade, and every text from moderate on with its rule and the words that
//! matched, or from another grade on.

#[path = "../../words/examples/train/csv.rs"]
mod csv;

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use domain::case::Grade;
use grade::{Facts, Match, Policy, grade};

const USAGE: &str = "usage: real FOLDER [--from none|general|moderate|major]";

/// Files of the folder, and the columns that together are a text.
const FILES: [(&str, &[&str]); 6] = [
    ("zh/cocc_dev.csv", &["text"]),
    ("zh/gov_hotline_dev.csv", &["留言主题", "留言详情"]),
    ("en/airline_tweets_dev.csv", &["text"]),
    ("en/banking77_dev.csv", &["text"]),
    ("en/clinc150_dev.csv", &["text"]),
    ("en/complaint_urgency_templates.csv", &["Complaint"]),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(text) => {
            say(&text);
            ExitCode::SUCCESS
        }
        Err(error) => {
            say(&format!("{error}\n"));
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "its output is what this program is for")]
fn say(text: &str) {
    print!("{text}");
}

fn run(arguments: &[String]) -> Result<String, Box<dyn Error>> {
    let (folder, from) = match arguments {
        [folder] => (folder, Grade::Moderate),
        [folder, flag, name] if flag == "--from" => (folder, Grade::parse(name).ok_or(USAGE)?),
        _ => return Err(USAGE.into()),
    };
    let folder = Path::new(folder);
    if !folder.is_dir() {
        return Err(format!("{} is not there: no real text was graded", folder.display()).into());
    }
    let mut report = String::new();
    let mut unnamed = 0;
    for (file, columns) in FILES {
        let path = folder.join(file);
        if !path.is_file() {
            writeln!(report, "{file} is not there and was left out")?;
            continue;
        }
        let (mut counts, mut reviews) = ([0; 4], 0);
        let mut list = String::new();
        for row in csv::columns(&path, columns)? {
            let text = row.join("。");
            let it = grade(Policy::shipped(), &Facts { text: &text, ..Facts::default() });
            if let Some(count) = counts.get_mut(it.grade as usize) {
                *count += 1;
            }
            reviews += usize::from(it.needs_review);
            let named = it.matched.iter().filter(|of| of.grade == it.grade);
            let why: Vec<String> = named.map(|of| shown(of, &text)).collect();
            unnamed += usize::from(Grade::Moderate <= it.grade && it.matched.is_empty());
            if from <= it.grade {
                let review = if it.needs_review { " ?" } else { "" };
                let line = text.replace(['\n', '\r'], " ");
                writeln!(list, "{}{review} {} {why:?} | {line}", it.grade.name(), it.type_id)?;
            }
        }
        let [none, general, moderate, major] = counts;
        writeln!(
            report,
            "\n{file}: {} texts: none {none}, general {general}, moderate {moderate}, major \
             {major}; to be reviewed {reviews}\n{list}",
            counts.iter().sum::<usize>(),
        )?;
    }
    writeln!(report, "moderate or major without a rule: {unnamed}")?;
    Ok(report)
}

/// A rule and the words that it matched.
fn shown(of: &Match, text: &str) -> String {
    let (start, end) = of.span;
    let words: String = text.chars().skip(start).take(end - start).collect();
    format!("{} {words}", of.rule)
}
