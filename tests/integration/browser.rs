//! The page of a report, in a browser.

use serde_json::{Value, json};

use crate::{
    formats::hostile,
    helpers::{Browser, Invar},
};

/// The page of the skill whose behaviour changes at run 8, opened from its file.
fn opened(browser: &Browser, invar: &Invar) {
    let path = invar.path("report page.html");
    let words = ["monitor", "@data-enrichment-service", "--format", "html", "-o", path.to_str().unwrap()];
    invar.run(&words).expect(22);
    browser.show(&format!("file://{}", path.display()).replace(' ', "%20"));
}

#[test]
fn the_page_works_in_a_browser() {
    let Some(browser) = Browser::open() else { return };
    let invar = Invar::new();
    browser.resize(1280, 800);
    opened(&browser, &invar);
    the_first_screen_decides(&browser);
    plots_have_a_point_for_each_run(&browser);
    headings_are_in_order(&browser);
    what_can_be_pressed_is_reached_in_order(&browser);
    images_and_regions_have_names(&browser);
    for width in [1280, 768, 390, 320] {
        nothing_is_wider_than_the_screen(&browser, width);
    }
    // A style or script that the content security policy of the page refuses would be reported here.
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn a_page_full_of_markup_is_a_page_like_any_other() {
    let Some(browser) = Browser::open() else { return };
    let invar = Invar::new();
    let path = invar.write("hostile.html", hostile(&invar, "html").stdout);
    browser.show(&format!("file://{path}"));
    assert_eq!(browser.eval("return [document.images.length, document.scripts.length]"), json!([0, 1]));
    headings_are_in_order(&browser);
    for width in [1280, 390] {
        nothing_is_wider_than_the_screen(&browser, width);
    }
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// Verdict, sentence and proof are seen without scrolling.
fn the_first_screen_decides(browser: &Browser) {
    let bottoms = browser.eval(
        "return ['h1', '.verdict', '.lead', '.proof'].map(element => document.querySelector(element).getBoundingClientRect().bottom)",
    );
    assert!(bottoms.as_array().unwrap().iter().all(|bottom| bottom.as_f64().unwrap() < 800.0), "{bottoms}");
}

fn plots_have_a_point_for_each_run(browser: &Browser) {
    let points =
        |selector: &str| browser.eval(&format!("return document.querySelectorAll('{selector}').length"));
    assert_eq!(points("#fuel-plot .point"), 20);
    assert_eq!(points("#memory-plot .point"), 20);
    assert_eq!(points("#bytes-plot .point"), 60, "sent, received, written");
    let strips = points(".strip").as_u64().unwrap();
    assert!(strips > 3);
    assert_eq!(points(".strip .point"), strips * 20);
    assert_eq!(points("#fuel-plot .off"), 2, "runs 8 and 16 stand out");
}

fn headings_are_in_order(browser: &Browser) {
    let levels = browser.eval(
        "return [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(element => Number(element.tagName[1]))",
    );
    let levels: Vec<i64> = levels.as_array().unwrap().iter().map(|level| level.as_i64().unwrap()).collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
    assert_eq!(levels[0], 1);
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
}

/// The tabulator goes from one to the next as they are read, leaves none out, and each shows that it has the focus.
fn what_can_be_pressed_is_reached_in_order(browser: &Browser) {
    let all = browser.eval(
        "window.stops = [...document.querySelectorAll('a[href], button, summary, [tabindex=\"0\"]')].filter(element => element.checkVisibility());
         document.activeElement.blur(); return window.stops.length",
    );
    let mut reached = Vec::new();
    for _ in 0..all.as_u64().unwrap() {
        browser.tab();
        reached.push(browser.eval("return window.stops.indexOf(document.activeElement)"));
        let outline = browser.eval("return getComputedStyle(document.activeElement).outlineStyle");
        assert_eq!(outline, "solid");
    }
    let expected: Vec<Value> = (0..all.as_u64().unwrap()).map(|stop| json!(stop)).collect();
    assert_eq!(reached, expected);
    assert_eq!(browser.eval("return window.stops[0].getAttribute('href')"), "#report");
}

fn images_and_regions_have_names(browser: &Browser) {
    let nameless = browser.eval(
        "return [...document.querySelectorAll('[role=img], [role=region], section')].filter(element => {
           const ids = (element.getAttribute('aria-labelledby') || '').split(' ').filter(Boolean);
           return !element.getAttribute('aria-label') && (!ids.length || ids.some(id => !document.getElementById(id)?.textContent));
         }).map(element => element.outerHTML.slice(0, 80))",
    );
    assert_eq!(nameless, json!([]));
    let headers = browser.eval("return [...document.querySelectorAll('th')].every(element => element.scope)");
    assert_eq!(headers, true);
}

fn nothing_is_wider_than_the_screen(browser: &Browser, width: u32) {
    browser.resize(width, 844);
    let widths = browser.eval(
        "document.querySelectorAll('details').forEach(element => element.open = true);
         return [innerWidth, document.documentElement.scrollWidth <= innerWidth]",
    );
    assert_eq!(widths, json!([width, true]));
}
