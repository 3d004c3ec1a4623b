//! XML that is written: escaping, and appending.

/// Text for content and attributes. What XML cannot hold is left out, and so are marks that make text run
/// backwards: they let a name show as something else.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            letter => safe.push(letter),
        }
    }
    safe
}

/// Appends a piece to XML that is being written.
macro_rules! push {
    ($xml:expr, $($piece:tt)*) => {
        std::fmt::Write::write_fmt(&mut $xml, format_args!($($piece)*))
            .expect("writing into memory does not fail")
    };
}
pub(in crate::report) use push;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_read_as_xml() {
        assert_eq!(escaped("<a b=\"&\">"), "&lt;a b=&quot;&amp;&quot;&gt;");
        assert_eq!(escaped("a\u{0}b\u{1b}c\nd\u{202e}e\u{2066}f\u{ffff}g\u{85}"), "abc defg");
    }
}
