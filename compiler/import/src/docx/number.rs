//! How numbers of lists are written.

/// A way to write numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Decimal,
    DecimalZero,
    LowerLetter,
    UpperLetter,
    LowerRoman,
    UpperRoman,
    Ordinal,
    Bullet,
    None,
}

impl Format {
    /// By its name in Word documents.
    pub(crate) fn named(name: &str) -> Format {
        match name {
            "decimalZero" => Format::DecimalZero,
            "lowerLetter" => Format::LowerLetter,
            "upperLetter" => Format::UpperLetter,
            "lowerRoman" => Format::LowerRoman,
            "upperRoman" => Format::UpperRoman,
            "ordinal" => Format::Ordinal,
            "bullet" => Format::Bullet,
            "none" => Format::None,
            _ => Format::Decimal,
        }
    }
}

/// A number in a format; one that the format cannot write, in figures.
pub(crate) fn format(number: i64, format: Format) -> String {
    match format {
        Format::Decimal => number.to_string(),
        Format::DecimalZero => format!("{number:02}"),
        Format::LowerLetter => letter(number).unwrap_or_else(|| number.to_string()),
        Format::UpperLetter => letter(number).map_or_else(|| number.to_string(), |text| text.to_uppercase()),
        Format::LowerRoman => roman(number).unwrap_or_else(|| number.to_string()),
        Format::UpperRoman => roman(number).map_or_else(|| number.to_string(), |text| text.to_uppercase()),
        Format::Ordinal => ordinal(number),
        Format::Bullet | Format::None => String::new(),
    }
}

/// `a` to `z`, then `aa`, `bb`, as Word counts.
fn letter(number: i64) -> Option<String> {
    let at = number.checked_sub(1).filter(|at| (0..26 * 20).contains(at))?;
    let letter = char::from(b'a' + u8::try_from(at % 26).ok()?);
    Some(std::iter::repeat_n(letter, usize::try_from(at / 26 + 1).ok()?).collect())
}

fn roman(number: i64) -> Option<String> {
    const DIGITS: [(i64, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let mut rest = Some(number).filter(|number| (1..4000).contains(number))?;
    let mut text = String::new();
    for (value, digit) in DIGITS {
        while rest >= value {
            text.push_str(digit);
            rest -= value;
        }
    }
    Some(text)
}

fn ordinal(number: i64) -> String {
    let end = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{end}")
}

#[cfg(test)]
mod tests {
    use super::{Format, format};

    #[test]
    fn numbers_are_written_as_word_writes_them() {
        let all = [
            (format(28, Format::LowerLetter), "bb"),
            (format(3, Format::UpperLetter), "C"),
            (format(14, Format::LowerRoman), "xiv"),
            (format(1999, Format::UpperRoman), "MCMXCIX"),
            (format(0, Format::LowerRoman), "0"),
            (format(-1, Format::LowerLetter), "-1"),
            (format(22, Format::Ordinal), "22nd"),
            (format(7, Format::DecimalZero), "07"),
            (format(7, Format::Bullet), ""),
        ];
        for (made, expected) in all {
            assert_eq!(made, expected);
        }
    }
}
