//! How `results.json` is laid out: a record a line, so that it can be read and compared, and is not mostly blanks.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// Keys stand on lines of their own down to this depth: those of the whole and of each control.
const DEPTH_OF_KEYS: usize = 3;

/// A value as text, with a line end.
pub fn to_bytes(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, Records::default());
    value.serialize(&mut serializer).expect("figures are JSON");
    bytes.push(b'\n');
    bytes
}

/// Objects in lists begin lines.
#[derive(Default)]
struct Records {
    depth: usize,
    /// A value of a list comes next.
    is_element: bool,
    /// The list that ends next holds objects.
    holds_objects: bool,
}

impl Records {
    fn new_line<W: ?Sized + Write>(&self, writer: &mut W) -> io::Result<()> {
        write!(writer, "\n{:width$}", "", width = self.depth)
    }
}

impl Formatter for Records {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        (self.depth, self.holds_objects) = (self.depth + 1, false);
        writer.write_all(b"[")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.is_element = true;
        writer.write_all(if first { b"" } else { b"," })
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        if std::mem::take(&mut self.holds_objects) {
            self.new_line(writer)?;
        }
        writer.write_all(b"]")
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if std::mem::take(&mut self.is_element) {
            self.new_line(writer)?;
        }
        self.depth += 1;
        writer.write_all(b"{")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b"," })?;
        match self.depth {
            ..=DEPTH_OF_KEYS => self.new_line(writer),
            _ if first => Ok(()),
            _ => writer.write_all(b" "),
        }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.is_element = false;
        writer.write_all(b": ")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        if self.depth < DEPTH_OF_KEYS {
            self.new_line(writer)?;
        }
        self.holds_objects = true;
        writer.write_all(b"}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_record_is_a_line_and_lists_of_numbers_stay_on_theirs() {
        let value: serde_json::Value = serde_json::from_str(
            r#"{"controls": [{"id": "a", "none": [], "ci": [1, 2],
                "periods": [{"p": "1", "ci": [0.5, 1], "of": {"x": 1}}, {"p": "2"}]}]}"#,
        )
        .expect("JSON");
        let written = String::from_utf8(to_bytes(&value)).expect("text");
        let wanted = r#"{
 "controls": [
  {
   "ci": [1,2],
   "id": "a",
   "none": [],
   "periods": [
    {"ci": [0.5,1], "of": {"x": 1}, "p": "1"},
    {"p": "2"}
   ]
  }
 ]
}
"#;
        assert_eq!(written, wanted);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&written).expect("JSON"), value);
    }
}
