//! Fits text models to an operator's labelled tickets, and measures the shipped ones.

mod csv;
mod table;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt as _};
use words::train::{Options, Review, train};

const USAGE: &str = "\
train fit FILE.csv --text COLUMN --label COLUMN --out MODEL [--coverage 0.9] [--accuracy 0.95]
    Fits a model to labelled texts and says how well it does on texts it has not seen.
    At most 1 - coverage of the texts are left for review, as few as the accuracy needs.
train table --data FOLDER
    Measures the shipped models and the trainer on the sets in FOLDER.
";

fn main() -> ExitCode {
    let (text, code) = match run(Parser::from_env()) {
        Ok(text) => (text, ExitCode::SUCCESS),
        Err(error) => (format!("{error}\n"), ExitCode::FAILURE),
    };
    say(&text);
    code
}

#[expect(clippy::print_stdout, reason = "its output is what this program is for")]
fn say(text: &str) {
    print!("{text}");
}

/// Does what the arguments ask and gives what to print.
fn run(mut parser: Parser) -> Result<String, Box<dyn Error>> {
    let (mut command, mut file) = (None, None);
    let (mut text, mut label, mut out, mut data) = (None, None, None, None);
    let (mut coverage, mut accuracy) = (0.9, 0.95);
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("text") => text = Some(parser.value()?.string()?),
            Arg::Long("label") => label = Some(parser.value()?.string()?),
            Arg::Long("out") => out = Some(PathBuf::from(parser.value()?)),
            Arg::Long("data") => data = Some(PathBuf::from(parser.value()?)),
            Arg::Long("coverage") => coverage = parser.value()?.parse()?,
            Arg::Long("accuracy") => accuracy = parser.value()?.parse()?,
            Arg::Short('h') | Arg::Long("help") => return Ok(USAGE.to_owned()),
            Arg::Value(value) if command.is_none() => command = Some(value.string()?),
            Arg::Value(value) if file.is_none() => file = Some(PathBuf::from(value)),
            arg => return Err(arg.unexpected().into()),
        }
    }
    match (command.as_deref(), file, text, label, out, data) {
        (Some("fit"), Some(file), Some(text), Some(label), Some(out), None) => {
            fit(&file, &text, &label, &out, Review::Calibrated { folds: 5, coverage, accuracy })
        }
        (Some("table"), None, None, None, None, Some(data)) => table::table(&data),
        _ => Err(USAGE.into()),
    }
}

/// Fits a model to two columns of a file.
fn fit(
    file: &Path,
    text: &str,
    label: &str,
    out: &Path,
    review: Review,
) -> Result<String, Box<dyn Error>> {
    let rows = csv::columns(file, &[text, label])?;
    let pairs: Vec<(&str, &str)> = rows
        .iter()
        .filter_map(|row| match row.as_slice() {
            [text, label] if !label.trim().is_empty() => Some((text.as_str(), label.trim())),
            _ => None,
        })
        .collect();
    let trained = train(&pairs, &Options { review, ..Options::default() })?;
    fs::write(out, &trained.bytes).map_err(|error| format!("{}: {error}", out.display()))?;
    let found = trained.found.ok_or("no cross-validation")?;
    Ok(format!(
        "{} texts, {} without a label left out\n\
         in five-fold cross-validation, each text judged by a model that has not seen it:\n  \
         all answered       {:.3} right\n  \
         {:.3} of them answered {:.3} right, the rest marked for review\n\
         {} bytes in {}\n",
        pairs.len(),
        rows.len() - pairs.len(),
        found.accuracy,
        found.coverage,
        found.answered_accuracy,
        trained.bytes.len(),
        out.display(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use words::model::Model;

    fn run_with(args: &[&str]) -> Result<String, String> {
        run(Parser::from_args(args)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_model_fitted_to_a_file_tells_its_labels_apart() {
        let folder = std::env::temp_dir().join(format!("train-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (csv, out) = (folder.join("tickets.csv"), folder.join("model.bin"));
        let rows: String =
            (0..20).map(|n| format!("话费扣错{n}元,费用\n{n}号楼没信号,网络\n")).collect();
        fs::write(&csv, format!("内容,类别\n{rows}没有类别,\n")).unwrap();
        let args = ["fit", csv.to_str().unwrap(), "--text", "内容", "--label", "类别", "--out"];
        let said = run_with(&[&args[..], &[out.to_str().unwrap()]].concat()).unwrap();
        assert!(said.starts_with("40 texts, 1 without a label left out"), "{said}");
        let bytes = fs::read(&out).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(Model::parse(&bytes).unwrap().classify("扣了话费").label, "费用");
    }

    #[test]
    fn an_absent_folder_or_a_wrong_argument_is_named() {
        let said = run_with(&["table", "--data", "/nowhere/at/all"]).unwrap_err();
        assert!(said.contains("/nowhere/at/all"), "{said}");
        assert!(run_with(&["table"]).unwrap_err().contains("train fit"));
        assert!(run_with(&["--colour"]).unwrap_err().contains("colour"));
    }
}
