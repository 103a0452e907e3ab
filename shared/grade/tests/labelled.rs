//! The shipped policy against texts that were labelled by the grading policy before any rule was
//! written. Every third row was looked at late, so the rules were not made for it.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test as a whole, and its output is what it is for"
)]

use domain::case::Grade;
use grade::{Facts, Policy, grade};

const ROWS: &str = include_str!("labelled.tsv");

struct Row {
    line: usize,
    is_late: bool,
    grade: Grade,
    text: &'static str,
}

fn rows() -> Vec<Row> {
    let lines = ROWS.lines().skip(1).enumerate();
    lines
        .map(|(at, line)| {
            let mut cells = line.splitn(4, '\t');
            let mut cell = || cells.next().unwrap();
            let grade = Grade::parse(cell()).unwrap();
            let (_lang, _tags) = (cell(), cell());
            Row { line: at + 2, is_late: at % 3 == 2, grade, text: cell() }
        })
        .collect()
}

/// Rows by the label, columns by the grade given.
type Matrix = [[usize; 4]; 4];

fn matrix(rows: &[&Row], show: bool) -> Matrix {
    let mut matrix = Matrix::default();
    for row in rows {
        let found = grade(Policy::shipped(), &Facts { text: row.text, ..Facts::default() });
        matrix[row.grade as usize][found.grade as usize] += 1;
        if show && found.grade != row.grade {
            let rules: Vec<&str> = found.matched.iter().map(|it| it.rule.as_str()).collect();
            let (want, got) = (row.grade.name(), found.grade.name());
            println!("{}: {want} was {got} by {rules:?}: {}", row.line, row.text);
        }
    }
    matrix
}

/// F1 of each grade.
fn f1(matrix: &Matrix) -> [f64; 4] {
    let mut scores = [0.0; 4];
    for (it, score) in scores.iter_mut().enumerate() {
        let labelled: usize = matrix[it].iter().sum();
        let given: usize = matrix.iter().map(|row| row[it]).sum();
        *score = 2.0 * matrix[it][it] as f64 / (labelled + given).max(1) as f64;
    }
    scores
}

fn report(name: &str, matrix: &Matrix) -> (f64, f64) {
    let scores = f1(matrix);
    println!("{name}: label \\ given   none general moderate major      F1");
    for (grade, row) in Grade::ALL.into_iter().zip(matrix) {
        let [a, b, c, d] = row;
        let f1 = scores[grade as usize];
        println!("{:>20} {a:>6} {b:>7} {c:>8} {d:>5}  {f1:.3}", grade.name());
    }
    let major = &matrix[Grade::Major as usize];
    let recall = major[3] as f64 / major.iter().sum::<usize>() as f64;
    let mean = scores.iter().sum::<f64>() / 4.0;
    println!("{name}: macro-F1 {mean:.3}, recall of major {recall:.3}");
    (mean, recall)
}

#[test]
fn grades_agree_with_the_labels() {
    let rows = rows();
    assert!(300 <= rows.len());
    let show = std::env::var_os("SHOW").is_some();
    let show_late = std::env::var_os("SHOW_LATE").is_some();
    let early: Vec<&Row> = rows.iter().filter(|it| !it.is_late).collect();
    let late: Vec<&Row> = rows.iter().filter(|it| it.is_late).collect();
    let (a, b) = (matrix(&early, show), matrix(&late, show_late));
    let mut all = a;
    for (row, more) in all.iter_mut().zip(b) {
        row.iter_mut().zip(more).for_each(|(sum, it)| *sum += it);
    }
    for (name, matrix) in [("early", a), ("late", b), ("all", all)] {
        let (f1, recall) = report(name, &matrix);
        assert!(0.85 <= f1, "{name}: macro-F1 {f1:.3}");
        assert!(0.95 <= recall, "{name}: recall of major {recall:.3}");
    }
}
