//! Masters: the look of slides and of what the speaker says, which their layouts and placeholders inherit.

use super::layout::{
    BELOW, FINDING, INDENT, LOGO, NUMBER as NUMBER_PLACE, OVERVIEW, PICTURE, Place, RULE, SOURCE,
    SOURCE_SIZE, SUBTITLE_SIZE, TITLE, TITLE_SIZES, points,
};
use super::parts::{BODY, FOOT, INHERITED, INTRODUCTION, MASTER, NUMBER, TITLE_KIND, Words, part};
use super::shapes::{Type, paragraph, picture, placeholder, run, sheet, transform};
use super::theme::theme;
use crate::report::look::Look;
use crate::report::office::drawing::Picture;
use crate::report::office::package::Part;
use crate::report::office::xml::escaped;

/// The id of the master; its layouts have the next ones. The standard wants them so high.
pub const FIRST_ID: u32 = 2_147_483_648;

/// The usual map of a master's colours to its theme's.
const COLOURS: &str = "<p:clrMap bg1=\"lt1\" tx1=\"dk1\" bg2=\"lt2\" tx2=\"dk2\" accent1=\"accent1\" \
    accent2=\"accent2\" accent3=\"accent3\" accent4=\"accent4\" accent5=\"accent5\" accent6=\"accent6\" \
    hlink=\"hlink\" folHlink=\"folHlink\"/>";
const BACKGROUND: &str = "<p:bg><p:bgRef idx=\"1001\"><a:schemeClr val=\"bg1\"/></p:bgRef></p:bg>";
/// What masters and layouts are made of.
pub struct Masters<'a> {
    look: &'a Look,
    words: &'a Words<'a>,
    locale: &'a str,
    /// The logo at the top right, as PNG, and its place.
    logo: Option<(&'a [u8], Place)>,
}

impl<'a> Masters<'a> {
    pub fn of(look: &'a Look, words: &'a Words<'a>, locale: &'a str) -> Masters<'a> {
        let logo = look.logo.as_ref().and_then(|logo| {
            let (width, height) = Picture::png(&logo.png)?.within(LOGO.0, LOGO.1);
            let x = TITLE.x + TITLE.width - width;
            let y = TITLE.y + (TITLE.height - height) / 2;
            Some((&*logo.png, Place { x, y, width, height }))
        });
        Masters { look, words, locale, logo }
    }

    /// How much narrower titles are for the logo beside them.
    pub fn logo_width(&self) -> i64 {
        self.logo.map_or(0, |(_, place)| place.width + points(INDENT))
    }

    /// Themes, masters, layouts and the logo.
    pub fn parts(&self) -> Vec<Part> {
        let themes = [1, 2].map(|number| theme(number, self.look));
        let mut master = part("slideMasters/slideMaster1.xml", "slideMaster", String::new());
        let mut ids = String::new();
        let names = [self.words.overview, self.words.control];
        let mut layouts = Vec::new();
        for (number, (name, shapes)) in (1..).zip(names.into_iter().zip([self.overview(), self.control()])) {
            let mut layout =
                part(&format!("slideLayouts/slideLayout{number}.xml"), "slideLayout", String::new());
            layout.refer("slideMaster", MASTER);
            layout.bytes = sheet("sldLayout", "", &shapes, INHERITED);
            let id = master.refer("slideLayout", &layout.name);
            ids.push_str(&format!("<p:sldLayoutId id=\"{}\" r:id=\"{id}\"/>", FIRST_ID + number));
            layouts.push(named(layout, name));
        }
        master.refer("theme", &themes[0].name);
        let logo = self.logo.map(|(png, place)| {
            let medium = Part::png("ppt/media/logo.png".to_owned(), png.to_vec());
            let relation = master.refer("image", &medium.name);
            (picture(10, "logo", self.words.logo, &relation, place), medium)
        });
        let shapes = self.master_shapes() + logo.as_ref().map_or("", |(shape, _)| shape);
        let rest = format!("{COLOURS}<p:sldLayoutIdLst>{ids}</p:sldLayoutIdLst>{}", self.text_styles());
        master.bytes = sheet("sldMaster", BACKGROUND, &shapes, &rest);
        let mut notes = part("notesMasters/notesMaster1.xml", "notesMaster", String::new());
        notes.refer("theme", &themes[1].name);
        notes.bytes = sheet("notesMaster", BACKGROUND, &notes_shapes(None), COLOURS);
        let logo = logo.map(|(_, medium)| medium);
        [master].into_iter().chain(layouts).chain([notes]).chain(themes).chain(logo).collect()
    }

    /// Title, text and number, and a line in the house's colour.
    fn master_shapes(&self) -> String {
        let rule = format!(
            "<p:sp><p:nvSpPr><p:cNvPr id=\"7\" name=\"Rule\"/><p:cNvSpPr/><p:nvPr userDrawn=\"1\"/></p:nvSpPr>\
             <p:spPr>{}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>\
             <a:solidFill><a:schemeClr val=\"accent1\"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>",
            transform(RULE)
        );
        let shapes = [
            prototype(2, "Title", TITLE_KIND, TITLE.narrower(self.logo_width()), "anchor=\"ctr\"", "", ""),
            prototype(3, "Text", BODY, OVERVIEW, "", "", ""),
            self.number_shape(),
            rule,
        ];
        shapes.concat()
    }

    fn overview(&self) -> String {
        let bullet = format!(
            "<a:lvl1pPr marL=\"{0}\" indent=\"-{0}\"><a:buFont typeface=\"Arial\"/><a:buChar char=\"•\"/></a:lvl1pPr>",
            points(INDENT)
        );
        let shapes = [
            prototype(2, "Title", TITLE_KIND, TITLE.narrower(self.logo_width()), "", "", ""),
            prototype(3, "Introduction", INTRODUCTION, OVERVIEW, "", &level(SUBTITLE_SIZE), ""),
            prototype(4, "Overview", BODY, OVERVIEW, "", &bullet, ""),
            prototype(8, "Foot", FOOT, SOURCE, "anchor=\"ctr\"", &level(SOURCE_SIZE), ""),
            self.number_shape(),
        ];
        shapes.concat()
    }

    fn control(&self) -> String {
        let shapes = [
            prototype(2, "Title", TITLE_KIND, TITLE.narrower(self.logo_width()), "", "", ""),
            prototype(4, "Finding", BODY, FINDING, "", "", ""),
            prototype(6, "Description", INTRODUCTION, PICTURE, "", &level(SUBTITLE_SIZE), ""),
            prototype(8, "Foot", FOOT, SOURCE, "anchor=\"ctr\"", &level(SOURCE_SIZE), ""),
            self.number_shape(),
        ];
        shapes.concat()
    }

    fn number_shape(&self) -> String {
        let number = paragraph("", &number(self.locale));
        let right = format!(
            "<a:lvl1pPr algn=\"r\"><a:defRPr sz=\"{}\"><a:latin typeface=\"+mn-lt\"/></a:defRPr></a:lvl1pPr>",
            hundredths(SOURCE_SIZE)
        );
        prototype(9, "Number", NUMBER, NUMBER_PLACE, "anchor=\"ctr\"", &right, &number)
    }

    /// How titles and texts are set unless a layout says otherwise.
    fn text_styles(&self) -> String {
        let font = "<a:latin typeface=\"+mn-lt\"/><a:ea typeface=\"+mn-ea\"/><a:cs typeface=\"+mn-cs\"/>";
        let style = |name: &str, bold: &str, colour: &str, size: f64, below: i64| {
            format!(
                "<p:{name}><a:lvl1pPr marL=\"0\" indent=\"0\" algn=\"l\"><a:spcBef><a:spcPts val=\"0\"/></a:spcBef>\
                 <a:spcAft><a:spcPts val=\"{below}\"/></a:spcAft><a:buNone/>\
                 <a:defRPr lang=\"{}\" sz=\"{}\"{bold}><a:solidFill><a:schemeClr val=\"{colour}\"/></a:solidFill>\
                 {font}</a:defRPr></a:lvl1pPr></p:{name}>",
                self.locale,
                hundredths(size)
            )
        };
        format!(
            "<p:txStyles>{}{}{}</p:txStyles>",
            style("titleStyle", " b=\"1\"", "tx2", TITLE_SIZES[0], 0),
            style("bodyStyle", "", "tx1", SUBTITLE_SIZE, hundredths(BELOW)),
            style("otherStyle", "", "tx1", SUBTITLE_SIZE, 0)
        )
    }
}

/// A layout with the name that people choose it by.
fn named(layout: Part, name: &str) -> Part {
    let text = layout.text().replacen("<p:cSld>", &format!("<p:cSld name=\"{}\">", escaped(name)), 1);
    Part { bytes: text.into_bytes(), ..layout }
}

fn hundredths(size: f64) -> i64 {
    (size * 100.0).round() as i64
}

/// The first level of a placeholder's text, in a size of its own.
fn level(size: f64) -> String {
    format!("<a:lvl1pPr><a:defRPr sz=\"{}\"/></a:lvl1pPr>", hundredths(size))
}

/// A placeholder that others inherit from; its own text is not shown.
fn prototype(
    id: usize,
    name: &str,
    kind: &str,
    place: Place,
    anchor: &str,
    levels: &str,
    paragraphs: &str,
) -> String {
    let body = format!(
        "<a:bodyPr lIns=\"0\" tIns=\"0\" rIns=\"0\" bIns=\"0\" {anchor}><a:normAutofit/></a:bodyPr>\
         <a:lstStyle>{levels}</a:lstStyle>"
    );
    let shape = placeholder(id, name, kind, Some(place), paragraphs);
    shape.replacen("<a:bodyPr/><a:lstStyle/>", &body, 1).replacen(
        "</a:xfrm></p:spPr>",
        "</a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr>",
        1,
    )
}

/// The number of a slide, which the program that shows it fills in.
pub fn number(locale: &str) -> String {
    format!(
        "<a:fld id=\"{{6B1E4C5A-0D0F-4C5E-9C39-2F6B8B6C7A10}}\" type=\"slidenum\"><a:rPr lang=\"{locale}\"/>\
         <a:t>‹#›</a:t></a:fld>"
    )
}

/// What the speaker says, below the picture of the slide.
fn notes_shapes(said: Option<&str>) -> String {
    const SLIDE: Place = Place { x: 685_800, y: 1_143_000, width: 5_486_400, height: 3_086_100 };
    const SAID: Place = Place { x: 685_800, y: 4_400_550, width: 5_486_400, height: 3_600_450 };
    let place = |place: Place| if said.is_none() { transform(place) } else { String::new() };
    let rectangle = if said.is_none() { "<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>" } else { "" };
    let slide = format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Slide\"/>\
         <p:cNvSpPr><a:spLocks noGrp=\"1\" noRot=\"1\" noChangeAspect=\"1\"/></p:cNvSpPr>\
         <p:nvPr><p:ph type=\"sldImg\"/></p:nvPr></p:nvSpPr><p:spPr>{}{rectangle}</p:spPr></p:sp>",
        place(SLIDE)
    );
    match said {
        None => slide + &prototype(3, "Notes", BODY, SAID, "", &level(12.0), ""),
        Some(said) => slide + &placeholder(3, "Notes", BODY, None, said),
    }
}

/// A part with what the speaker says.
pub fn notes(said: &[String], locale: &str) -> Vec<u8> {
    /// Large enough to read from a lectern.
    const SIZE: f64 = 14.0;
    let set = Type::plain(locale, SIZE);
    let paragraphs: String = said.iter().map(|said| paragraph("", &run(said, set))).collect();
    sheet("notes", "", &notes_shapes(Some(&paragraphs)), INHERITED)
}
