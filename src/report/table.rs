//! Aligned columns for the terminal.

use std::io::{self, Write};

use super::Report;
use super::grid::Grid;
use super::matrix::Matrix;
use super::wording::{
    MOST_CONFUSED, NO_LABEL, SMALL_MARK, averages, columns, figure, fit, interval, is_small, kind, printable, rows,
    small_support_note, thousands, totals,
};
use super::{figures, mistakes};
use crate::evaluate::{Evaluation, FacetEvaluation, Interval, Scores};

/// Labels are shortened to fit the width, but never below the columns that "weighted by support" takes anyway.
const LEAST_LABEL: usize = 19;

/// Texts are not cut to less than fits in this.
const LEAST_WIDTH: usize = 60;

/// Aligned columns, per facet: precision, recall, F1, support and predictions of each label in byte order, then the
/// averages, accuracy or exact match, coverage if it is below 1, the confusion matrix where it fits, and the mistakes
/// made most often. Where there are [details](crate::evaluate::FacetDetails), intervals of F1 in the table, and below it those
/// of the headline figures, the majority class and what the probabilities are good for. The surest mistakes come last.
///
/// Labels too long for the width end in `…`; the other formats have them in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// The width of the terminal in columns. Below 66, lines are wider than it.
    pub width: usize,
}

impl Report for Table {
    fn write(&self, evaluation: &Evaluation, out: &mut dyn Write) -> io::Result<()> {
        if evaluation.facets.is_empty() {
            return writeln!(out, "{}, no facet to score", rows(evaluation.rows));
        }
        for (i, facet) in evaluation.facets.iter().enumerate() {
            if i > 0 {
                writeln!(out)?;
            }
            self.write_facet(facet, out)?;
        }
        evaluation.facets.iter().try_for_each(|facet| self.write_mistakes(facet, out))
    }
}

impl Table {
    fn write_facet(&self, facet: &FacetEvaluation, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}  ({}, {})\n", printable(facet.name()), rows(facet.rows()), kind(facet))?;
        self.scores(facet).write("", out)?;
        writeln!(out)?;
        let lines = figures::lines(facet);
        let longest = lines.iter().map(|(name, _)| columns(name)).max().unwrap_or(0);
        for (name, text) in lines {
            writeln!(out, "{name:longest$}  {text}")?;
        }
        let mut notes = facet.details().map(figures::legend).unwrap_or_default();
        notes.extend(small_support_note(facet).map(|note| format!("{}: {note}", SMALL_MARK.trim())));
        if !notes.is_empty() {
            writeln!(out)?;
        }
        let most = self.width.max(LEAST_WIDTH);
        notes.iter().try_for_each(|note| writeln!(out, "{}", fit(note, most)))?;
        if let Some(matrix) = Matrix::of(facet).map(|matrix| matrix_grid(&matrix))
            && matrix.width() <= self.width
        {
            writeln!(out, "\nconfusion (rows: gold, columns: predicted)")?;
            matrix.write("", out)?;
        }
        self.write_most_confused(facet, out)
    }

    fn scores(&self, facet: &FacetEvaluation) -> Grid {
        let (support, predicted) = totals(facet);
        let count_columns = |heading: &str, total: u64| columns(heading).max(columns(&thousands(total)));
        let figures = ["precision", "recall", "0.0000"].map(columns).iter().sum::<usize>();
        let intervals = facet.details().map(|details| &details.intervals);
        let heading = intervals.map(|intervals| format!("{:.0} % CI", 100.0 * intervals.level));
        let interval_columns = heading.as_ref().map_or(0, |_| ".000–1.000".chars().count() + 2);
        let numbers = figures + count_columns("support", support) + count_columns("predicted", predicted) + 5 * 2;
        let most = self.width.saturating_sub(numbers + interval_columns).max(LEAST_LABEL);

        let mut grid = Grid::default();
        let headings = ["", "precision", "recall", "f1"].map(str::to_owned).into_iter().chain(heading);
        grid.row(headings.chain(["support", "predicted"].map(str::to_owned)));
        let row = |grid: &mut Grid, name: String, scores: Scores, of_f1: Option<&Interval>, counts: [u64; 2]| {
            let figures = [scores.precision, scores.recall, scores.f1].map(figure);
            let of_f1 = intervals.map(|_| interval(of_f1));
            grid.row([name].into_iter().chain(figures).chain(of_f1).chain(counts.map(thousands)));
        };
        for (name, tally) in facet.labels() {
            let mark = if is_small(tally) { SMALL_MARK } else { "" };
            let shown = fit(&printable(name), most - mark.len()) + mark;
            let of_f1 = intervals.and_then(|intervals| intervals.labels.get(name));
            row(&mut grid, shown, tally.scores(), of_f1, [tally.gold, tally.predicted]);
        }
        if facet.labels().len() > 0 {
            grid.blank();
        }
        let of_averages =
            intervals.map(|i| [i.micro, i.macro_, i.weighted].map(|scores| scores.f1)).unwrap_or_default();
        for ((name, scores), of_f1) in averages(&facet.averages()).into_iter().zip(&of_averages) {
            row(&mut grid, name.to_owned(), scores, of_f1.as_ref(), [support, predicted]);
        }
        grid
    }

    fn write_mistakes(&self, facet: &FacetEvaluation, out: &mut dyn Write) -> io::Result<()> {
        let Some(surest) = facet.mistakes() else { return Ok(()) };
        writeln!(out, "\nsurest mistakes in {} (probability, gold → predicted)", printable(facet.name()))?;
        if surest.is_empty() {
            writeln!(out, "  none")?;
        }
        let width = self.width.max(LEAST_WIDTH) - 10;
        for mistake in surest {
            let (place, taken_for) = (mistakes::place(mistake), mistakes::taken_for(mistake));
            writeln!(out, "  {:.4}  {taken_for}  [{place}]", mistake.probability)?;
            writeln!(out, "          {}", mistakes::excerpt(mistake, width.saturating_sub(2)))?;
            if let Some(why) = mistakes::why(mistake) {
                writeln!(out, "          because {}", fit(&why, width.saturating_sub("because ".len())))?;
            }
        }
        Ok(())
    }

    fn write_most_confused(&self, facet: &FacetEvaluation, out: &mut dyn Write) -> io::Result<()> {
        let pairs = facet.most_confused(MOST_CONFUSED);
        if pairs.is_empty() {
            return Ok(());
        }
        writeln!(out, "\nmost confused (gold → predicted, rows)")?;
        let count = pairs.iter().map(|pair| columns(&thousands(pair.rows))).max().unwrap_or(0);
        let most = (self.width.saturating_sub("   →   ".chars().count() + count + 2) / 2).max(LEAST_LABEL);
        let mut grid = Grid::default();
        for pair in pairs {
            let [gold, predicted] = [pair.gold, pair.predicted].map(|label| fit(&label_or_none(label), most));
            grid.row([format!("{gold} → {predicted}"), thousands(pair.rows)]);
        }
        grid.write("  ", out)
    }
}

fn matrix_grid(matrix: &Matrix<'_>) -> Grid {
    let mut grid = Grid::default();
    grid.row([String::new()].into_iter().chain(matrix.predicted.iter().map(|&label| label_or_none(label))));
    for (gold, counts) in &matrix.gold {
        grid.row([label_or_none(*gold)].into_iter().chain(counts.iter().map(|&count| thousands(count))));
    }
    grid
}

fn label_or_none(label: Option<&str>) -> String {
    label.map_or_else(|| NO_LABEL.to_owned(), |label| printable(label).into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn shown(evaluation: &Evaluation, width: usize) -> String {
        sample::written(&Table { width }, evaluation)
    }

    /// The example of scikit-learn's page `sklearn.metrics.classification_report`: y_true = [0, 1, 2, 2, 2],
    /// y_pred = [0, 0, 2, 2, 1], which prints (two decimals) 0.50 1.00 0.67 1 / 0.00 0.00 0.00 1 / 1.00 0.67 0.80 3,
    /// accuracy 0.60, macro avg 0.50 0.56 0.49, weighted avg 0.70 0.60 0.61.
    #[test]
    fn scikit_learns_own_example_gives_scikit_learns_own_figures() {
        insta::assert_snapshot!(shown(&sample::textbook(), 80), @r"
        class  (5 rows, single-label)

                             precision  recall      f1  support  predicted
        0 *                     0.5000  1.0000  0.6667        1          2
        1 *                     0.0000  0.0000  0.0000        1          1
        2 *                     1.0000  0.6667  0.8000        3          2

        micro                   0.6000  0.6000  0.6000        5          5
        macro                   0.5000  0.5556  0.4889        5          5
        weighted by support     0.7000  0.6000  0.6133        5          5

        accuracy  0.6000

        *: fewer than 10 rows have this label: its figures say little

        confusion (rows: gold, columns: predicted)
           0  1  2
        0  1  0  0
        1  1  0  0
        2  0  1  2

        most confused (gold → predicted, rows)
          1 → 0  1
          2 → 1  1
        ");
    }

    #[test]
    fn untagged_rows_none_of_these_and_hostile_labels_are_shown() {
        insta::assert_snapshot!(shown(&sample::awkward(), 110), @r#"
        topic  (3 rows, single-label)

                                   precision  recall      f1  support  predicted
        \u{1b}[31mred\nline *         0.0000       –  0.0000        0          1
        conflict, war and peace *          –  0.0000  0.0000        1          0
        politics | "gov" *            1.0000  1.0000  1.0000        1          1
        健康 *                             –  0.0000  0.0000        1          0

        micro                         0.5000  0.3333  0.4000        3          2
        macro                         0.2500  0.2500  0.2500        3          2
        weighted by support           0.3333  0.3333  0.3333        3          2

        accuracy  0.3333
        coverage  0.6667

        *: fewer than 10 rows have this label: its figures say little

        confusion (rows: gold, columns: predicted)
                                 \u{1b}[31mred\nline  conflict, war and peace  politics | "gov"  健康  (none)
        \u{1b}[31mred\nline                        0                        0                 0     0       0
        conflict, war and peace                    0                        0                 0     0       1
        politics | "gov"                           0                        0                 1     0       0
        健康                                       1                        0                 0     0       0

        most confused (gold → predicted, rows)
          conflict, war and peace → (none)  1
          健康 → \u{1b}[31mred\nline        1

        region  (4 rows, multi-label)

                             precision  recall      f1  support  predicted
        AF *                    1.0000  1.0000  1.0000        1          1
        IQ *                    0.0000       –  0.0000        0          2
        IR *                    1.0000  0.5000  0.6667        2          1
        PK *                         –  0.0000  0.0000        1          0

        micro                   0.5000  0.5000  0.5000        4          4
        macro                   0.5000  0.3750  0.4167        4          4
        weighted by support     0.7500  0.5000  0.5833        4          4

        exact match  0.2500
        coverage     0.7500

        *: fewer than 10 rows have this label: its figures say little

        most confused (gold → predicted, rows)
          IR → IQ      1
          PK → (none)  1
          (none) → IQ  1
        "#);
    }

    #[test]
    fn a_narrow_terminal_shortens_labels_and_drops_the_matrix() {
        insta::assert_snapshot!(shown(&sample::news(), 72), @r"
        topic  (1,559 rows, single-label)

                                   precision  recall      f1  support  predicted
        arts, culture, entertain…     0.9547  0.9983  0.9760    1,202      1,257
        crime, law and justice        0.9934  0.8403  0.9105      357        302

        micro                         0.9622  0.9622  0.9622    1,559      1,559
        macro                         0.9740  0.9193  0.9432    1,559      1,559
        weighted by support           0.9635  0.9622  0.9610    1,559      1,559

        accuracy  0.9622

        most confused (gold → predicted, rows)
          crime, law and justice → arts, culture, entertainment…  57
          arts, culture, entertainment… → crime, law and justice   2
        ");
    }

    #[test]
    fn details_fit_a_terminal_of_eighty_columns() {
        let text = shown(&sample::detailed(), 80);
        let widest = text.lines().map(columns).max().unwrap();
        assert!(widest <= 80, "{widest}\n{text}");
        insta::assert_snapshot!(text, @r#"
        topic  (65 rows, single-label)

                               precision  recall      f1    95 % CI  support  predicted
        conflict, war and pe…     0.9302  0.9091  0.9195  .849–.969       44         43
        economy, business an…     0.9231  0.8000  0.8571  .688–.970       15         13
        sport *                   0.5556  0.8333  0.6667                   6          9

        micro                     0.8769  0.8769  0.8769  .785–.954       65         65
        macro                     0.8030  0.8475  0.8144  .655–.920       65         65
        weighted by support       0.8940  0.8769  0.8818  .795–.954       65         65

        accuracy           0.8769 (95 % CI 0.7846–0.9538); majority class 0.6769
        macro-F1           0.8144 (95 % CI 0.6554–0.9201); majority class 0.2691
        surest rows right  80 %: 0.8494, 90 %: 0.8621, 95 %: 0.8710, 100 %: 0.8769
        top-k accuracy     top 1: 0.8769, top 2: 0.9846
        average precision  0.6889 (macro: mean over labels)
        calibration        ECE 0.2077, Brier 0.3188, log loss 0.6170

        CI: confidence interval, bootstrap over 65 rows, 1,000 draws; none if all are a…
        majority class: always "conflict, war and peace"
        *: fewer than 10 rows have this label: its figures say little

        most confused (gold → predicted, rows)
          conflict, war and peace → sport                          4
          economy, business and finance → conflict, war and peace  3
          sport → economy, business and finance                    1

        surest mistakes in topic (probability, gold → predicted)
          0.9000  conflict, war and peace → sport  [test.csv row 17 (id x7)]
                  The line was held | until dawn, said a spokesman who asked not to …
        "#);
    }

    #[test]
    fn without_rows_or_facets_it_says_so() {
        let none = Evaluation { rows: 0, facets: vec![FacetEvaluation::new("topic", false)] };
        insta::assert_snapshot!(shown(&none, 80), @r"
        topic  (0 rows, single-label)

                             precision  recall  f1  support  predicted
        micro                        –       –   –        0          0
        macro                        –       –   –        0          0
        weighted by support          –       –   –        0          0

        accuracy  –
        ");
        assert_eq!(shown(&Evaluation { rows: 7, facets: Vec::new() }, 80), "7 rows, no facet to score\n");
    }
}
