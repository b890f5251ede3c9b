//! Times as columns write them: ISO dates and datetimes, or numbers.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A point in time that can be put in order with others of its kind.
#[derive(Clone, Copy, Debug)]
pub enum Instant {
    /// A number: a year, a Unix time, the number of an issue.
    Number(f64),
    /// A date, or date and time, ISO 8601: `2026-03`, `2026-03-01`, `2026-03-01T12:30:00Z`, `2026-03-01 12:30+02:00`.
    /// What is left out is its first moment; without an offset it is UTC.
    Date(Timestamp),
}

/// Why a time cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// Neither a number nor a date.
    #[error("'{found}' is no time; expected a number or an ISO date such as 2026-03-01 or 2026-03-01T12:30:00Z")]
    Unreadable {
        /// What stood there.
        found: String,
    },
    /// Numbers and dates in one column cannot be put in order.
    #[error("'{found}' is {kind} where the first row has {first}; expected one kind in the whole column")]
    Mixed {
        /// What stood there.
        found: String,
        /// What it is.
        kind: &'static str,
        /// What the first is.
        first: &'static str,
    },
}

impl Instant {
    /// Reads a time; blanks around it do not matter.
    ///
    /// # Errors
    /// [`TimeError::Unreadable`] for what is neither a finite number nor a date.
    pub fn parse(text: &str) -> Result<Instant, TimeError> {
        let trimmed = text.trim();
        if let Some(number) = trimmed.parse().ok().filter(|n: &f64| n.is_finite()) {
            // 0 and −0 are one time.
            return Ok(Instant::Number(number + 0.0));
        }
        let is_month = trimmed.len() == 7 && trimmed.as_bytes()[4] == b'-';
        let whole = if is_month { format!("{trimmed}-01") } else { trimmed.to_owned() };
        // With an offset first: as a civil time it would lose it.
        let date = whole.parse::<Timestamp>().ok().or_else(|| {
            let civil = whole.parse::<DateTime>().ok()?;
            civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
        });
        date.map(Instant::Date).ok_or_else(|| TimeError::Unreadable { found: text.to_owned() })
    }

    pub(super) fn check_kind(self, first: Instant, found: &str) -> Result<(), TimeError> {
        let (kind, first) = (self.kind(), first.kind());
        if kind == first { Ok(()) } else { Err(TimeError::Mixed { found: found.to_owned(), kind, first }) }
    }

    fn kind(self) -> &'static str {
        match self {
            Instant::Number(_) => "a number",
            Instant::Date(_) => "a date",
        }
    }
}

impl Ord for Instant {
    /// Numbers stand before dates.
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Instant::Number(a), Instant::Number(b)) => a.total_cmp(b),
            (Instant::Date(a), Instant::Date(b)) => a.cmp(b),
            (Instant::Number(_), Instant::Date(_)) => Ordering::Less,
            (Instant::Date(_), Instant::Number(_)) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Instant {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Instant {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Instant {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_put_in_order_as_people_mean_them() {
        let ascending = [
            "2025-12",
            "2025-12-02",
            "2025-12-31 23:00",
            "2026-01-01T02:00:00+02:30",
            "2026-01-01",
            "2026-01-01T00:00:00.5",
            "2026-01-01T09:00:00Z",
            "2026-01-01T09:00:00-05:00",
            "2026-01-01T10:00:00-05:00",
        ];
        let read: Vec<Instant> = ascending.iter().map(|t| Instant::parse(t).unwrap()).collect();
        assert!(read.windows(2).all(|w| w[0] < w[1]), "{read:?}");
        let numbers: Vec<Instant> =
            ["-3", "0", "9", "10", "1e3", "2026"].iter().map(|t| Instant::parse(t).unwrap()).collect();
        assert!(numbers.windows(2).all(|w| w[0] < w[1]), "{numbers:?}");
        let same = |a, b| assert_eq!(Instant::parse(a).unwrap(), Instant::parse(b).unwrap());
        same("-0", "0");
        same(" 2026-03-01 ", "2026-03-01T00:00:00Z");
        same("2026-03-01T02:00:00+02:00", "2026-03-01T00:00:00");
    }

    #[test]
    fn what_is_no_time_is_said() {
        for text in
            ["", " ", "yesterday", "NaN", "inf", "2026-13-01", "2026-02-30", "01.02.2026", "2026-0é", "2026-1-1"]
        {
            let error = Instant::parse(text).unwrap_err().to_string();
            assert!(error.starts_with(&format!("'{text}' is no time; expected")), "{error}");
        }
    }
}
