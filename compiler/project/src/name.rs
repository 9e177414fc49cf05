//! Names of packages and modules, and the nearest right one to a wrong one.

/// Whether `name` can stand in the language: a letter or `_`, then letters, digits and `_`.
pub(crate) fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// The nearest name to `text` that can stand in the language; `package` where nothing of it can.
pub(crate) fn to_name(text: &str) -> String {
    let mut name: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    while name.contains("__") {
        name = name.replace("__", "_");
    }
    let name = name.trim_matches('_').to_owned();
    match name.bytes().next() {
        None => "package".to_owned(),
        Some(b) if b.is_ascii_digit() => format!("p{name}"),
        Some(_) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mandate_diagnostics::did_you_mean;

    #[test]
    fn a_directory_name_becomes_a_package_name() {
        assert_eq!(to_name("Exercise Heron-2"), "exercise_heron_2");
        assert_eq!(to_name("2026 rules"), "p2026_rules");
        assert_eq!(to_name("规则"), "package");
        assert!(is_name(&to_name("__x__")));
    }

    #[test]
    fn near_words_are_proposed_and_far_ones_are_not() {
        assert_eq!(did_you_mean("verison", ["name", "version"]), Some("version"));
        assert_eq!(did_you_mean("licence", ["name", "version"]), None);
        assert_eq!(did_you_mean("", ["name"]), None);
    }
}
