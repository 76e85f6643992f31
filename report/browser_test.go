package report

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/chromium"
)

var (
	desk     = chromium.Screen{Width: 1200, Height: 900}
	deskDark = chromium.Screen{Width: 1200, Height: 900, Dark: true}
	phone    = chromium.Screen{Width: 390, Height: 844, Mobile: true}
)

// show opens a report in a browser.
func show(t *testing.T, r Report, screen chromium.Screen) *chromium.Page {
	t.Helper()
	return chromium.Open(t, pageFile(t, htmlOf(t, r)), screen)
}

func pageFile(t *testing.T, page string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// alone fails the test if a page asked for anything, or broke a rule of its own policy.
func alone(t *testing.T, p *chromium.Page) {
	t.Helper()
	for _, address := range p.Requests {
		if !strings.HasPrefix(address, "file://") || !strings.HasSuffix(address, "report.html") {
			t.Errorf("the page asked for %s", address)
		}
	}
	for _, complaint := range p.Complaints {
		t.Errorf("the browser complained: %s", complaint)
	}
}

// picture takes a picture and leaves it where LOCKSTEP_PAGES says.
func picture(t *testing.T, p *chromium.Page, name string) image.Image {
	t.Helper()
	data := p.Picture()
	if dir := os.Getenv("LOCKSTEP_PAGES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".png"), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	shot, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("picture %s: %v", name, err)
	}
	return shot
}

// brightness is that of most of the picture's left edge: the page's background.
func brightness(shot image.Image) uint32 {
	r, g, b, _ := shot.At(shot.Bounds().Min.X+2, shot.Bounds().Max.Y-3).RGBA()
	return (r + g + b) / 3 >> 8
}

func expect(t *testing.T, p *chromium.Page, what, expression, want string) {
	t.Helper()
	if have := p.Eval(expression); have != want {
		t.Errorf("%s: %s, want %s", what, have, want)
	}
}

const visible = `[...document.querySelectorAll("#list > details")].filter(e => e.offsetParent !== null).length`

func TestDifferencesAreFilteredInABrowser(t *testing.T) {
	p := show(t, driftThree(), desk)
	expect(t, p, "at first", visible, "7")
	expect(t, p, "said", `document.querySelector("#shown").innerText`, `"7 of 7 shown"`)
	p.Click(`input[value="block"]`)
	expect(t, p, "without blocking ones", visible, "4")
	p.Click(`input[value="waived"]`)
	expect(t, p, "without waived ones", visible, "3")
	p.Click("#filter-reset")
	expect(t, p, "after the reset", visible, "7")

	p.Press("Tab") // from the text field, where the reset leaves the focus
	expect(t, p, "the focus", `document.activeElement.id`, `"filter-type"`)
	choose := func(id, label string) {
		p.Eval(`(() => { const s = document.getElementById("` + id + `"); s.value = [...s.options].find(o => o.text === "` + label + `").value; s.dispatchEvent(new Event("change")); })()`)
	}
	choose("filter-region", "eu-west-1")
	expect(t, p, "of one Region", visible, "1")
	choose("filter-region", "every Region")
	choose("filter-type", "AWS::Lambda::Function")
	expect(t, p, "of one type", visible, "2")
	choose("filter-type", "every type")

	p.Click("#filter-text")
	p.Type("POLICY sqs:*")
	expect(t, p, "with words in the value", visible, "1")
	p.Press("Escape")
	expect(t, p, "after Escape", visible, "7")
	p.Type("no such thing")
	expect(t, p, "that nothing matches", visible, "0")
	if said := p.Text("#none"); said != "No difference matches the filters." {
		t.Errorf("with nothing left the page says %q", said)
	}
	p.Click("#filter-reset")
	p.Click("#open-all")
	expect(t, p, "all open", `[...document.querySelectorAll("#list > details")].every(e => e.open)`, "true")
	if said := p.Text(`#list > details[data-level="warn"] .sides`); !strings.Contains(said, "512") || !strings.Contains(said, "128") || !strings.Contains(said, "256") {
		t.Errorf("the values do not stand side by side: %q", said)
	}
	expect(t, p, "marked differences", `document.querySelectorAll("#list mark").length > 3`, "true")
	picture(t, p, "drift-three-open")
	alone(t, p)
}

func TestAPageIsUsedByKeyboard(t *testing.T) {
	p := show(t, gateNotReady(), desk)
	p.Press("Tab")
	expect(t, p, "the first stop", `document.activeElement.className`, `"skip"`)
	expect(t, p, "it is seen", `document.activeElement.getBoundingClientRect().x >= 0`, "true")
	for stop := range 25 {
		p.Press("Tab")
		expect(t, p, "the focus is seen", `(() => { const e = document.activeElement, s = getComputedStyle(e);
			return e === document.body || s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1 })()`, "true")
		if t.Failed() {
			t.Fatalf("at stop %d: %s", stop, p.Eval(`document.activeElement.outerHTML.slice(0, 200)`))
		}
	}
	p.Eval(`document.activeElement.blur()`)
	p.Press("/")
	expect(t, p, "after /", `document.activeElement.id`, `"filter-text"`)
	expect(t, p, "the slash itself", `document.activeElement.value`, `""`)
	p.Eval(`document.querySelector("#list > details > summary").focus()`)
	p.Press("Enter")
	expect(t, p, "opened with Enter", `document.querySelector("#list > details").open`, "true")
	p.Eval(`document.querySelector('input[value="waived"]').focus()`)
	p.Press(" ")
	expect(t, p, "filtered with the space bar", visible, "3")
	alone(t, p)
}

func TestAPageIsLightDarkAndChosen(t *testing.T) {
	p := show(t, gateNotReady(), desk)
	light := picture(t, p, "gate-not-ready-light")
	p.Resize(deskDark)
	dark := picture(t, p, "gate-not-ready-dark")
	if brightness(light) < 200 || brightness(dark) > 60 {
		t.Errorf("the light page has brightness %d, the dark one %d", brightness(light), brightness(dark))
	}
	p.Click("#theme") // automatic, then light
	if shot := picture(t, p, "gate-not-ready-chosen"); brightness(shot) < 200 {
		t.Errorf("light was chosen and the page has brightness %d", brightness(shot))
	}
	if said := p.Text("#theme"); said != "Theme: light" {
		t.Errorf("the button says %q", said)
	}
	p.Resize(desk)
	p.Click("#theme")
	expect(t, p, "dark by choice", `document.documentElement.dataset.theme`, `"dark"`)
	alone(t, p)
}

func TestAPageFitsAPhone(t *testing.T) {
	p := show(t, gateReady(), phone)
	pages := map[string]string{"summary": summaryHTML(t, summarySample())}
	for name, r := range samples() {
		pages[name] = htmlOf(t, r)
	}
	for name, page := range pages {
		t.Run(name, func(t *testing.T) {
			p.Show(pageFile(t, page))
			expect(t, p, "no sideways scrolling", `document.documentElement.scrollWidth <= innerWidth`, "true")
			expect(t, p, "text of a readable size", `[...document.querySelectorAll("p, td, li, summary, button")].every(e => parseFloat(getComputedStyle(e).fontSize) >= 12)`, "true")
			picture(t, p, name+"-phone")
			alone(t, p)
		})
	}
}

// TestNoScrollbarIsUnderTheContents: they wrap where the screen is narrow, and all are seen.
func TestNoScrollbarIsUnderTheContents(t *testing.T) {
	for _, width := range []int{320, 400, 500, 700, 768, 840, 900, 1200} {
		p := show(t, gatePredicted(), chromium.Screen{Width: width, Height: 900})
		expect(t, p, "the contents fit", `(() => { const e = document.querySelector("nav ul"); return e.scrollWidth <= e.clientWidth && e.offsetHeight === e.clientHeight })()`, "true")
		expect(t, p, "all are on the screen", `[...document.querySelectorAll("nav a")].every(e => e.getBoundingClientRect().right <= innerWidth)`, "true")
		expect(t, p, "the page fits", `document.documentElement.scrollWidth <= innerWidth`, "true")
		expect(t, p, "the tables fit", `[...document.querySelectorAll(".scroll")].filter(e => e.querySelector("table") && e.scrollWidth > e.clientWidth).map(e => e.getAttribute("aria-label") + e.scrollWidth + ">" + e.clientWidth).join()`, `""`)
		picture(t, p, fmt.Sprintf("gate-predicted-%d", width))
	}
}

// TestWhatTheRegionsRunFits: of all tables that of a deploy has the longest words.
func TestWhatTheRegionsRunFits(t *testing.T) {
	for _, width := range []int{700, 900, 1100, 1280} {
		for name, r := range map[string]Report{"done": deployDone(), "rolled back": deployRolledBack()} {
			p := show(t, r, chromium.Screen{Width: width, Height: 900})
			expect(t, p, name+": the table fits", `(() => { const e = document.querySelector("#release .scroll"); return e.scrollWidth <= e.clientWidth })()`, "true")
		}
	}
}

func TestAPageIsWellFormedForEverybody(t *testing.T) {
	p := show(t, gateReady(), deskDark)
	pages := map[string]string{"summary": summaryHTML(t, summarySample())}
	for _, r := range []Report{gateNotReady(), deployRolledBack(), planReport(), driftThree()} {
		pages[r.Command] = htmlOf(t, r)
	}
	for name, page := range pages {
		t.Run(name, func(t *testing.T) {
			p.Show(pageFile(t, page))
			p.Resize(deskDark)
			picture(t, p, name+"-dark")
			expect(t, p, "ids that are there twice", `[...document.querySelectorAll("[id]")].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i)`, "[]")
			expect(t, p, "controls without a name", `[...document.querySelectorAll("input, select, button")].filter(e => !(e.labels && e.labels.length || e.textContent.trim() || e.ariaLabel)).length`, "0")
			expect(t, p, "links that lead nowhere", `[...document.querySelectorAll("a[href^='#']")].filter(a => !document.querySelector(a.getAttribute("href"))).length`, "0")
			expect(t, p, "names that lead nowhere", `[...document.querySelectorAll("[aria-labelledby]")].filter(e => !document.getElementById(e.getAttribute("aria-labelledby"))).length`, "0")
			expect(t, p, "headings that skip a level", `[...document.querySelectorAll("h1, h2, h3")].map(h => +h.tagName[1]).filter((level, i, all) => i && level > all[i - 1] + 1).length`, "0")
			expect(t, p, "drawings without a title", `[...document.querySelectorAll("svg:not([aria-hidden])")].filter(s => !s.querySelector("title").textContent).length`, "0")
			expect(t, p, "text that is hard to read", contrastBelow(4.5), "[]")
			p.Resize(desk)
			expect(t, p, "text that is hard to read in the light", contrastBelow(4.5), "[]")
			alone(t, p)
		})
	}
}

// contrastBelow lists text whose contrast with its background is less than a
// ratio. Source: WCAG 2.2, success criterion 1.4.3.
func contrastBelow(ratio float64) string {
	return strings.ReplaceAll(`(() => {
		const rgb = c => c.match(/[\d.]+/g).map(Number);
		const light = c => { const [r, g, b] = rgb(c).map(v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
		const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!/, 0\)$/.test(c) && c !== "transparent") return c; } return "rgb(255, 255, 255)"; };
		const low = [];
		for (const e of document.querySelectorAll("body *:not(svg *, script)")) {
			if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility()) continue;
			const a = light(getComputedStyle(e).color), b = light(behind(e));
			const have = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
			if (have < RATIO) low.push(e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 20) + " " + have.toFixed(2));
		}
		return low; })()`, "RATIO", fmt.Sprint(ratio))
}

func TestHostileTextAchievesNothingInABrowser(t *testing.T) {
	p := show(t, gateReady(), phone)
	for name, text := range map[string]string{
		"nasty": nasty, "image": `"><img src="https://evil.example/x" onerror="document.title='taken'">`,
		"script": `</script></title></style><script>document.title="taken"</script>`, "comment": `<!--`, "svg": `<svg onload="document.title='taken'">`,
	} {
		t.Run(name, func(t *testing.T) {
			p.Show(pageFile(t, htmlOf(t, poisoned(text))))
			expect(t, p, "scripts", `document.scripts.length`, "1")
			expect(t, p, "images, frames, styles", `document.querySelectorAll("img, iframe, object, embed, link, style").length`, "1") // our style
			expect(t, p, "handlers", `[...document.querySelectorAll("*")].filter(e => [...e.attributes].some(a => /^on/i.test(a.name))).length`, "0")
			expect(t, p, "the title was changed", `document.title.startsWith("taken")`, "false")
			expect(t, p, "the script still ran", `document.querySelector("#filters").hidden`, "false")
			expect(t, p, "no sideways scrolling", `document.documentElement.scrollWidth <= innerWidth`, "true")
			alone(t, p)
		})
	}
}

// TestThePolicyHolds gives a page a script and an image that are not its own:
// what escapes the template is stopped by the policy.
func TestThePolicyHolds(t *testing.T) {
	page := strings.Replace(htmlOf(t, gateReady()), "</body>", `<script>document.title="taken"</script><img src="https://evil.example/x" onerror="document.title='taken'"></body>`, 1)
	p := chromium.Open(t, pageFile(t, page), desk)
	expect(t, p, "the title was changed", `document.title.startsWith("taken")`, "false")
	if len(p.Complaints) < 2 {
		t.Errorf("the browser complained of %q, want the script and the image", p.Complaints)
	}
}
