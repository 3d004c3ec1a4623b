//! A PDF made small: what is no stream is packed into compressed streams of objects, and found by a compressed table
//! (ISO 32000-1, 7.5.7 and 7.5.8).
//!
//! An accessible document has thousands of small objects that say what is a cell, a row or a link: more than half of a
//! file in which they stand one by one.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// Objects in one stream: a reader unpacks all to see one.
const IN_A_STREAM: usize = 200;

/// The same document, packed; none when it is not laid out as krilla does it.
pub fn packed(pdf: &[u8]) -> Option<Vec<u8>> {
    let plain = Plain::read(pdf)?;
    let mut packed = pdf[..plain.begin].to_vec();
    let mut places = vec![Place::Free; plain.objects.len()];
    let (streams, small): (Vec<_>, Vec<_>) = plain
        .objects
        .iter()
        .enumerate()
        .filter_map(|(number, object)| Some((number, (*object)?)))
        .partition(|(_, object)| object.ends_with(b"endstream"));
    for (number, object) in streams {
        places[number] = Place::At(packed.len());
        add(&mut packed, number, object);
    }
    for together in small.chunks(IN_A_STREAM) {
        let stream = places.len();
        let (mut head, mut objects) = (String::new(), Vec::new());
        for (index, (number, object)) in together.iter().enumerate() {
            places[*number] = Place::Inside { stream, index };
            write!(head, "{number} {} ", objects.len()).expect("writing into memory does not fail");
            objects.extend_from_slice(object);
            objects.push(b'\n');
        }
        let keys = format!("/Type/ObjStm/N {}/First {}", together.len(), head.len());
        places.push(Place::At(packed.len()));
        add(&mut packed, stream, &compressed(&keys, &[head.as_bytes(), &objects].concat()));
    }
    let table = packed.len();
    places.push(Place::At(table));
    let rows: Vec<u8> = places.iter().flat_map(|place| place.row()).collect();
    let keys = format!("/Type/XRef/Size {}/W[1 4 2]{}", places.len(), plain.trailer);
    add(&mut packed, places.len() - 1, &compressed(&keys, &rows));
    packed.extend_from_slice(format!("startxref\n{table}\n%%EOF").as_bytes());
    Some(packed)
}

/// Where an object is.
#[derive(Clone, Copy)]
enum Place {
    /// There is none of this number.
    Free,
    /// At this byte.
    At(usize),
    /// In a stream of objects, by its number.
    Inside { stream: usize, index: usize },
}

impl Place {
    /// Its row of the table: one, four and two bytes.
    fn row(self) -> [u8; 7] {
        let (kind, place, index) = match self {
            Place::Free => (0, 0, u16::MAX),
            Place::At(byte) => (1, byte, 0),
            Place::Inside { stream, index } => (2, stream, index as u16),
        };
        let mut row = [kind; 7];
        row[1..5].copy_from_slice(&(place as u32).to_be_bytes());
        row[5..].copy_from_slice(&index.to_be_bytes());
        row
    }
}

fn add(file: &mut Vec<u8>, number: usize, object: &[u8]) {
    file.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
    file.extend_from_slice(object);
    file.extend_from_slice(b"\nendobj\n\n");
}

/// A stream with these keys.
fn compressed(keys: &str, bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("writing into memory does not fail");
    let bytes = encoder.finish().expect("writing into memory does not fail");
    let head = format!("<<{keys}/Filter/FlateDecode/Length {}>>\nstream\n", bytes.len());
    [head.as_bytes(), &bytes, b"\nendstream"].concat()
}

/// A PDF with a table that is no stream.
struct Plain<'a> {
    /// Where the first object begins.
    begin: usize,
    /// What stands in each object, by number.
    objects: Vec<Option<&'a [u8]>>,
    /// The keys of the trailer but the number of objects.
    trailer: String,
}

impl<'a> Plain<'a> {
    fn read(pdf: &'a [u8]) -> Option<Plain<'a>> {
        // The end has no letters outside ASCII but perhaps in the file's id, which krilla writes in Base64.
        let table = memchr::memmem::rfind(pdf, b"\nxref\n")? + 1;
        let end = std::str::from_utf8(&pdf[table..]).ok()?;
        let (rows, trailer) = end.strip_prefix("xref\n0 ")?.split_once("trailer\n<<")?;
        let (trailer, _) = trailer.rsplit_once(">>\nstartxref\n")?;
        let (count, rows) = rows.split_once('\n')?;
        let size = format!("/Size {count}/");
        let trailer = format!("/{}", trailer.strip_prefix(&size)?);
        let places: Vec<Option<usize>> = rows.lines().map(place_of).collect::<Option<_>>()?;
        if places.len() != count.parse::<usize>().ok()? {
            return None;
        }
        let mut in_order: Vec<(usize, usize)> = Vec::new();
        in_order.extend(places.iter().enumerate().filter_map(|(number, place)| Some(((*place)?, number))));
        in_order.sort_unstable();
        let mut objects = vec![None; places.len()];
        let ends = in_order.iter().skip(1).map(|(begin, _)| *begin).chain([table]);
        for ((begin, number), end) in in_order.iter().zip(ends) {
            let object = pdf.get(*begin..end)?.trim_ascii_end().strip_suffix(b"endobj")?.trim_ascii_end();
            objects[*number] = Some(object.strip_prefix(format!("{number} 0 obj\n").as_bytes())?);
        }
        Some(Plain { begin: in_order.first()?.0, objects, trailer })
    }
}

/// The place in a row of a table, none of one that is free; nothing when it is no row.
fn place_of(row: &str) -> Option<Option<usize>> {
    match row.split_ascii_whitespace().collect::<Vec<_>>()[..] {
        [place, "00000", "n"] => Some(Some(place.parse().ok()?)),
        [_, _, "f"] => Some(None),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    /// A document of a stream and so many small objects, one number left out.
    fn document(small: usize) -> Vec<u8> {
        let mut file = b"%PDF-1.7\n%\x80\x80\n\n".to_vec();
        let mut places = vec![Place::Free, Place::Free];
        for number in 2..small + 2 {
            places.push(Place::At(file.len()));
            add(&mut file, number, format!("<</Number {number}/Text(a b)>>").as_bytes());
        }
        places.push(Place::At(file.len()));
        add(&mut file, small + 2, b"<</Length 3>>\nstream\nabc\nendstream");
        let (table, count) = (file.len(), places.len());
        let rows = places.iter().map(|place| match place {
            Place::At(byte) => format!("{byte:010} 00000 n\r\n"),
            _ => "0000000000 65535 f\r\n".to_owned(),
        });
        let rows: String = rows.collect();
        let end = format!(
            "xref\n0 {count}\n{rows}trailer\n<</Size {count}/Root 2 0 R>>\nstartxref\n{table}\n%%EOF"
        );
        file.extend_from_slice(end.as_bytes());
        file
    }

    /// The bytes of the stream in an object that begins there.
    fn inflated(file: &[u8], begin: usize) -> (String, Vec<u8>) {
        let object = &file[begin..];
        let head = memchr::memmem::find(object, b"\nstream\n").expect("a stream");
        let mut bytes = Vec::new();
        let mut decoder = flate2::read::ZlibDecoder::new(&object[head + 8..]);
        decoder.read_to_end(&mut bytes).expect("compressed");
        (String::from_utf8_lossy(&object[..head]).into_owned(), bytes)
    }

    #[test]
    fn every_object_is_found_where_the_table_says() {
        for small in [1, IN_A_STREAM, IN_A_STREAM + 1, 1_000] {
            let file = packed(&document(small)).expect("packed");
            let end = String::from_utf8_lossy(&file[file.len() - 40..]).into_owned();
            let table = end.split("startxref\n").nth(1).and_then(|end| end.lines().next()).expect("a place");
            let (keys, rows) = inflated(&file, table.parse().expect("a number"));
            assert!(keys.contains("/Root 2 0 R"), "{keys}");
            let rows: Vec<&[u8]> = rows.chunks(7).collect();
            assert!(keys.contains(&format!("/Size {}", rows.len())), "{keys}");
            let place = |row: &[u8]| u32::from_be_bytes([row[1], row[2], row[3], row[4]]) as usize;
            assert_eq!((rows[0][0], rows[1][0], rows[small + 2][0]), (0, 0, 1));
            assert!(
                file[place(rows[small + 2])..]
                    .starts_with(format!("{} 0 obj\n<</Length 3>>", small + 2).as_bytes())
            );
            for (number, row) in rows.iter().enumerate().take(small + 2).skip(2) {
                assert_eq!(row[0], 2);
                let (keys, bytes) = inflated(&file, place(rows[place(row)]));
                let first =
                    keys.split("/First ").nth(1).and_then(|keys| keys.split('/').next()).expect("a place");
                let (head, objects) = bytes.split_at(first.parse().expect("a number"));
                let head = String::from_utf8_lossy(head).into_owned();
                let index = usize::from(u16::from_be_bytes([row[5], row[6]]));
                let pair: Vec<usize> =
                    head.split(' ').skip(2 * index).take(2).map(|it| it.parse().expect("a number")).collect();
                assert_eq!(pair[0], number);
                assert!(objects[pair[1]..].starts_with(format!("<</Number {number}/").as_bytes()));
            }
        }
    }

    #[test]
    fn what_is_laid_out_otherwise_is_left() {
        let whole = document(3);
        assert!(packed(&whole).is_some_and(|packed| self::packed(&packed).is_none()));
        for end in 0..whole.len() - 30 {
            assert_eq!(packed(&whole[..end]), None, "{end}");
        }
        assert_eq!(packed(&whole[1..]), None);
    }
}
