package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(JSONSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("report.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("report.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func encode(t *testing.T, r Report) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestEveryReportFitsTheSchema(t *testing.T) {
	schema := compileSchema(t)
	for name, r := range samples() {
		instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(encode(t, r)))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(instance); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheSchemaRefusesBrokenReports(t *testing.T) {
	schema := compileSchema(t)
	breaks := map[string]func(map[string]any){
		"another schema":           func(o map[string]any) { o["schema"] = "lockstep.report/v2" },
		"no findings":              func(o map[string]any) { delete(o, "findings") },
		"null findings":            func(o map[string]any) { o["findings"] = nil },
		"an unknown verdict":       func(o map[string]any) { o["verdict"] = "perhaps" },
		"a verdict without checks": func(o map[string]any) { delete(o, "checks") },
		"a time that is none":      func(o map[string]any) { o["evaluated_at"] = "yesterday" },
		"a severity that is none":  func(o map[string]any) { o["findings"].([]any)[0].(map[string]any)["severity"] = "fatal" },
		"a check without a status": func(o map[string]any) { delete(o["checks"].([]any)[0].(map[string]any), "status") },
		"a waiver without an end":  func(o map[string]any) { delete(o["waivers"].([]any)[0].(map[string]any), "until") },
		"a negative count":         func(o map[string]any) { o["coverage"].(map[string]any)["pairs"] = -1 },
	}
	for name, breakIt := range breaks {
		t.Run(name, func(t *testing.T) {
			var o map[string]any
			if err := json.Unmarshal(encode(t, gateNotReady()), &o); err != nil {
				t.Fatal(err)
			}
			breakIt(o)
			if schema.Validate(o) == nil {
				t.Error("accepted")
			}
		})
	}
}

// TestTheSchemaNamesEveryField keeps the published schema complete: a field
// that is added to a type must be added to the schema.
func TestTheSchemaNamesEveryField(t *testing.T) {
	var schema map[string]any
	if err := json.Unmarshal(JSONSchema(), &schema); err != nil {
		t.Fatal(err)
	}
	defs := schema["$defs"].(map[string]any)
	types := map[string]any{"region": Region{}, "coverage": drift.Coverage{}, "finding": drift.Finding{}, "check": readiness.Check{},
		"gap": drift.Gap{}, "waiver": drift.Waiver{}, "location": drift.Location{}, "deploy": *deployDone().Deploy,
		"release": deployDone().Deploy.Release, "regionResult": deployDone().Deploy.Regions[0], "targetResult": deployDone().Deploy.Regions[0].Targets[0],
		"change": deployDone().Deploy.Regions[0].Targets[1].Changes[0], "asymmetry": planReport().Deploy.Asymmetries[0],
		"failure": *deployRolledBack().Deploy.Regions[0].FirstCause, "event": deployDone().Deploy.Timeline[0]}
	check := func(name string, v any, properties map[string]any) {
		for i := range reflect.TypeOf(v).NumField() {
			tag, _, _ := strings.Cut(reflect.TypeOf(v).Field(i).Tag.Get("json"), ",")
			if tag != "" && properties[tag] == nil {
				t.Errorf("%s.%s is not in the schema", name, tag)
			}
		}
	}
	check("report", Report{}, schema["properties"].(map[string]any))
	for name, v := range types {
		check(name, v, defs[name].(map[string]any)["properties"].(map[string]any))
	}
}

func TestReadGivesBackWhatJSONWrote(t *testing.T) {
	for name, r := range samples() {
		data := encode(t, r)
		back, err := Read(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if again := encode(t, back); !bytes.Equal(data, again) {
			t.Errorf("%s changed on the way", name)
		}
	}
	for name, text := range map[string]string{"another schema": `{"schema":"x"}`, "no JSON": "no", "empty": "", "two reports": string(encode(t, gateReady())) + "{}"} {
		if _, err := Read(strings.NewReader(text)); err == nil {
			t.Errorf("%s: read without an error", name)
		}
	}
}

func TestSealedSecretsNeverLeave(t *testing.T) {
	r := driftReport()
	sealed := drift.NewSealer("run", make([]byte, 32)).Seal("us-east-1", "", "hunter2 in us-west-2")
	r.Findings[0].Primary, r.Findings[0].Standby = sealed, object{"Password": sealed}
	var md, text bytes.Buffer
	if err := Markdown(&md, r, MarkdownOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := Text(&text, r, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	for name, out := range map[string]string{"json": string(encode(t, r)), "markdown": md.String(), "text": text.String()} {
		if strings.Contains(out, "digest") || !strings.Contains(out, drift.Redacted) {
			t.Errorf("%s shows a sealed secret", name)
		}
	}
}

// large is a gate report with n blocking checks and as many of everything else.
func large(n int) Report {
	r := gateNotReady()
	for i := range n {
		key := fmt.Sprintf("payments/Resource%d", i)
		r.Checks = append(r.Checks,
			check("CFG-05", readiness.Fail, drift.Block, key+": it names us-east-1", "let it name its own", key),
			check("OBS-02", readiness.Fail, drift.Warn, key+": has no data in us-west-2", "give it data", key))
		for _, s := range drift.Severities() {
			f := memoryFinding
			f.Resource, f.Severity, f.Type = key, s, fmt.Sprintf("AWS::Type::T%d", i%40)
			r.Findings = append(r.Findings, f)
		}
		r.Gaps = append(r.Gaps, keyGap)
	}
	return r
}

func TestMarkdownFitsItsLimit(t *testing.T) {
	for _, n := range []int{0, 5, 40, 400, 3000} {
		r := large(n)
		whole := len(renderMarkdown(r, MarkdownOptions{}, full))
		for _, limit := range []int{1200, 4000, 16000, 65536, 1 << 20} {
			if n > 1000 && limit != 65536 {
				continue
			}
			var b strings.Builder
			if err := Markdown(&b, r, MarkdownOptions{Limit: limit, Marker: testMarker, FullReport: "https://example.com/run"}); err != nil {
				t.Errorf("%d in %d: %v", n, limit, err)
				continue
			}
			got := b.String()
			if len(got) > limit {
				t.Errorf("%d in %d: %d bytes", n, limit, len(got))
			}
			if problem := markdownProblem(got, testMarker); problem != "" {
				t.Errorf("%d in %d: %s", n, limit, problem)
			}
			named := strings.Count(got, "CFG-05")
			if !strings.Contains(got, fmt.Sprintf("%d blocking", n+2)) {
				t.Errorf("%d in %d: the number of blockers is not stated", n, limit)
			}
			if named < n+1 && !strings.Contains(got, "and ") {
				t.Errorf("%d in %d: %d of %d blockers and no count of the rest", n, limit, named, n+1)
			}
			if whole > limit && !strings.Contains(got, "https://example.com/run") {
				t.Errorf("%d in %d: shortened without a link to the rest", n, limit)
			}
		}
	}
	if err := Markdown(&strings.Builder{}, large(1), MarkdownOptions{Limit: 20}); err == nil {
		t.Error("a limit that nothing fits is no error")
	}
}

func TestBlockersAreTheLastToGo(t *testing.T) {
	r := large(60)
	for level := full; level < headlineOnly; level++ {
		md := renderMarkdown(r, MarkdownOptions{}, level)
		for i := range 60 {
			if !strings.Contains(md, fmt.Sprintf("payments/Resource%d`", i)) {
				t.Errorf("detail %d drops blocker %d", level, i)
			}
		}
	}
}

func TestAnnotations(t *testing.T) {
	r := gateNotReady()
	got := Annotations(r)
	if got[0].Level != "error" || got[0].Title != "CFG-02 us-west-2" {
		t.Errorf("first annotation %+v", got[0])
	}
	found := false
	for _, a := range got {
		found = found || a.File == "infra/app.yaml" && a.Line == 41 && a.Column == 7 && a.Level == "error"
	}
	if !found {
		t.Errorf("no annotation on the line of the leak: %+v", got)
	}
	count := map[string]int{}
	for _, a := range Annotations(large(50)) {
		count[a.Level]++
		if len([]rune(a.Message)) > annotationLimit {
			t.Errorf("message of %d characters", len([]rune(a.Message)))
		}
	}
	if count["error"] != 10 || count["warning"] != 10 {
		t.Errorf("annotations by level %v, want ten errors and ten warnings", count)
	}
	long := gateNotReady()
	long.Checks[5].Evidence = strings.Repeat("x", 10000)
	for _, a := range Annotations(long) {
		if len([]rune(a.Message)) > annotationLimit {
			t.Error("a message is too long")
		}
	}
	if got := Annotations(deployDone()); len(got) != 0 {
		t.Errorf("a good deploy is annotated: %+v", got)
	}
	if got := Annotations(deployRolledBack()); len(got) != 2 || got[0].Level != "error" {
		t.Errorf("a failed deploy: %+v", got)
	}
	for _, a := range Annotations(driftReport()) {
		if strings.Contains(a.Title, "LogGroup") {
			t.Errorf("a waived finding is annotated: %+v", a)
		}
	}
}

func TestValuesAbreastShowTheDifference(t *testing.T) {
	long := strings.Repeat("a", 500)
	tests := []struct {
		name string
		a, b any
	}{
		{"a difference at the end of long values", long + "x", long + "y"},
		{"a difference in the middle", long + "x" + long, long + "y" + long},
		{"one is the beginning of the other", long, long + "x"},
		{"a string and a number", "5", 5.0},
		{"nothing and a value", nil, "x"},
		{"a difference in runes", strings.Repeat("ü", 300) + "x", strings.Repeat("ü", 300) + "y"},
		{"objects", object{"a": long}, object{"a": long + "b"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			shown := abreast(test.a, test.b)
			if shown[0] == shown[1] {
				t.Errorf("both are shown as %q", shown[0])
			}
			for _, s := range shown {
				if n := len([]rune(s)); n > valueLimit {
					t.Errorf("%d characters", n)
				}
			}
		})
	}
	if shown := abreast(object{"a": "x" + long}, object{"a": "y" + long}); !strings.HasSuffix(shown[0], `a"…}`) {
		t.Errorf("a long object is cut to %q", shown[0])
	}
	if shown := abreast("same", "same"); shown[0] != "same" {
		t.Errorf("short values are shown as %q", shown[0])
	}
}

// TestAPredictionSaysWhatTheGateWouldRefuse: once for each difference, as a check
// where a rule blocks and else as itself.
func TestAPredictionSaysWhatTheGateWouldRefuse(t *testing.T) {
	r := predictBlocked()
	if h := Headline(r); !strings.Contains(h, "the gate would refuse this merge, by CFG-02 and CFG-05") {
		t.Errorf("headline: %s", h)
	}
	told := map[string]int{}
	for _, a := range Annotations(r) {
		for _, what := range []string{leakFinding.Message, missingFinding.Message, memoryFinding.Message} {
			told[what] += strings.Count(a.Message, what)
		}
	}
	for what, n := range told {
		if n != 1 {
			t.Errorf("annotated %d times: %s", n, what)
		}
	}
	r.Findings = nil // a rule may block without any difference
	if n := Count(r).Blocking; n != 2 {
		t.Errorf("%d blocking, want 2", n)
	}
}

// TestFindingsNameTheirPlaces: everywhere that people read, and whatever a file is called.
func TestFindingsNameTheirPlaces(t *testing.T) {
	pages := func(r Report) map[string]string {
		var text, md strings.Builder
		if err := Text(&text, r, TextOptions{}); err != nil {
			t.Fatal(err)
		}
		if err := Markdown(&md, r, MarkdownOptions{}); err != nil {
			t.Fatal(err)
		}
		return map[string]string{"text": text.String(), "Markdown": md.String(), "HTML": htmlOf(t, r)}
	}
	gate := gateNotReady()
	gate.Findings = []drift.Finding{leakFinding}
	nowhere := gateNotReady()
	nowhere.Findings = nil
	nowhere.Checks = []readiness.Check{check("SEC-03", readiness.Fail, drift.Block, "x", "y", "payments/Key")}
	nowhere.Checks[0].Location = &drift.Location{File: "lockstep.yml", Line: 12}
	many := gate
	for line := range 7 {
		f := leakFinding
		f.Location = &drift.Location{File: "infra/more.yaml", Line: 100 + line}
		many.Findings = append(slices.Clone(many.Findings), f)
	}
	for _, test := range []struct {
		name  string
		r     Report
		wants []string
	}{
		{"a difference", driftReport(), []string{"infra/app.yaml:41:7", "infra/app.yaml:35"}},
		{"a check that is about a difference", gate, []string{"infra/app.yaml:41:7"}},
		{"a check that has only a place of its own", nowhere, []string{"lockstep.yml:12"}},
		{"a check about many", many, []string{"infra/app.yaml:41:7", "infra/more.yaml:103", "and 3 more"}},
	} {
		for format, page := range pages(test.r) {
			for _, want := range test.wants {
				if !strings.Contains(page, want) {
					t.Errorf("%s, %s: no %s", test.name, format, want)
				}
			}
		}
	}
}

func TestHeadlines(t *testing.T) {
	tests := map[string]string{
		"gate-ready":         "Ready: us-west-2 could take over from us-east-1.",
		"gate-not-ready":     "Not ready: us-west-2 could not take over from us-east-1. 2 blocking, 1 unknown",
		"gate-unknown":       "Unknown: whether us-west-2 could take over",
		"drift":              "Drift: us-west-2 differs from us-east-1 in 6 places: 3 blocking",
		"drift-none":         "No drift: us-west-2 has what it must have of us-east-1, or more. 71 of 71",
		"drift-gaps":         "Not everything could be compared: 70 of 71",
		"drift-three":        "Drift: us-west-2 and eu-west-1 differ",
		"deploy-done":        "Released: r-0123456789ab runs in us-east-1 and us-west-2.",
		"deploy-rolled-back": "Rolled back: r-0123456789ab failed;",
		"deploy-in-doubt":    "In doubt:",
		"plan":               "Plan: 3 changes in us-east-1 and 2 changes in us-west-2.",
		"empty":              "Nothing was compared",
	}
	all := samples()
	for name, want := range tests {
		if got := Headline(all[name]); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q…", name, got, want)
		}
	}
}

func TestCountsAreThoseOfTheHeadline(t *testing.T) {
	if got, want := Count(gateNotReady()), (Counts{Blocking: 2, Unknown: 1, Warnings: 1, Waived: 1}); got != want {
		t.Errorf("gate: %+v, want %+v", got, want)
	}
	if got, want := Count(driftReport()), (Counts{Blocking: 3, Warnings: 3, Waived: 1}); got != want {
		t.Errorf("drift: %+v, want %+v", got, want)
	}
}

func TestWaiversAreWatched(t *testing.T) {
	w := drift.Waiver{Resource: "x", Until: day("2026-12-06")}
	tests := []struct {
		name string
		use  drift.WaiverUse
		want string
	}{
		{"in use for long", drift.WaiverUse{Waiver: drift.Waiver{Until: day("2027-01-01")}, Matched: true}, ""},
		{"in use until soon", drift.WaiverUse{Waiver: drift.Waiver{Until: day("2026-12-05")}, Matched: true}, "expires soon"},
		{"in use for a little longer", drift.WaiverUse{Waiver: w, Matched: true}, ""},
		{"matches nothing", drift.WaiverUse{Waiver: w}, "matches nothing: remove it"},
		{"matches nothing and takes a property for a pattern", drift.WaiverUse{Waiver: drift.Waiver{Property: "Tags*", Until: day("2026-12-06")}},
			"matches nothing: a property is named with everything below it, and * stands alone"},
		{"expired", drift.WaiverUse{Waiver: drift.Waiver{Until: day("2026-11-21")}}, "expired"},
	}
	for _, test := range tests {
		r := Report{EvaluatedAt: evaluated}
		if got := r.waiverNote(test.use); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	for name, blind := range map[string]Report{
		"of templates alone":       {Prediction: &Prediction{Level: PredictedStatic}},
		"with something not read":  {Gaps: []drift.Gap{{Region: "us-west-2"}}},
		"with a rule not answered": {Checks: []readiness.Check{{Status: readiness.Undetermined}}},
	} {
		blind.EvaluatedAt = evaluated
		if got := blind.waiverNote(drift.WaiverUse{Waiver: w}); got != "" {
			t.Errorf("%s a waiver %s", name, got)
		}
		if got := blind.waiverNote(drift.WaiverUse{Waiver: drift.Waiver{Until: day("2026-11-21")}}); got != "expired" {
			t.Errorf("%s a waiver that expired is %q", name, got)
		}
	}
}
