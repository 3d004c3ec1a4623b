//! One value or several: most settings name one column, one sheet, one format.

use std::fmt;
use std::marker::PhantomData;

use schemars::JsonSchema;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, IntoDeserializer, SeqAccess, Visitor};

/// One value, or a list of them.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(untagged)]
pub enum OneOrMany<T> {
    /// One.
    One(T),
    /// Several, in order.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// The values.
    pub fn as_slice(&self) -> &[T] {
        match self {
            OneOrMany::One(value) => std::slice::from_ref(value),
            OneOrMany::Many(values) => values,
        }
    }
}

// Derived as untagged, it would not say which word it does not know.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<OneOrMany<T>, D::Error> {
        struct Values<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Values<T> {
            type Value = OneOrMany<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or several in brackets")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<OneOrMany<T>, E> {
                T::deserialize(text.into_deserializer()).map(OneOrMany::One)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, values: A) -> Result<OneOrMany<T>, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(values)).map(OneOrMany::Many)
            }
        }

        deserializer.deserialize_any(Values(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::error::{Error, Flaw};
    use crate::project::Settings;

    fn flaw_of(project: &str) -> Flaw {
        match Settings::parse(project, Path::new("frist.toml")) {
            Err(Error::UnusableProject { flaw, .. }) => *flaw,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_unknown_word_is_named_alone_and_in_a_list_with_those_that_are_known() {
        let source = "[[source]]\ncontrol = \"child-investigation\"\nfiles = [\"*.csv\"]\n";
        for formats in ["\"yyy-mm-dd\"", "[\"yyyy-mm-dd\", \"yyy-mm-dd\"]"] {
            let text = format!("{source}date_formats = {{ start = {formats} }}\n");
            let flaw = flaw_of(&text);
            assert_eq!((flaw.key, flaw.suggestion.as_deref()), ("unknown-word", Some("yyyy-mm-dd")));
        }
        for wrong in ["columns = { start = 4 }", "sheet = [[\"A\"]]"] {
            assert_eq!(flaw_of(&format!("{source}{wrong}\n")).key, "wrong-kind", "{wrong}");
        }
    }
}
