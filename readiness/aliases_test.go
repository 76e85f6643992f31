package readiness

import "testing"

func TestRulesFollowWhatTheComparisonPaired(t *testing.T) {
	for name, aliases := range map[string]map[string]string{
		"a pair under two keys is judged as one": {"app-west/FnWest": "app/Fn"},
		"without the pair it is not":             nil,
	} {
		t.Run(name, func(t *testing.T) {
			w := healthy()
			w.resource(&w.west, "app/Fn").Key = "app-west/FnWest"
			for i := range w.west.Facts {
				f := &w.west.Facts[i]
				if rest, ok := cutKey(f.Subject, "app/Fn"); ok {
					f.Subject = "app-west/FnWest" + rest
				}
			}
			w.compared.Aliases = aliases
			a := w.assess()
			if want := map[bool]Verdict{true: Ready, false: Unknown}[aliases != nil]; a.Verdict != want {
				t.Errorf("verdict %s, want %s\n%s", a.Verdict, want, dump(a, ""))
			}
			if w.west.Facts[0].Subject == "app/Fn" || w.resource(&w.west, "app-west/FnWest") == nil {
				t.Error("the evidence was written to")
			}
		})
	}
}

func cutKey(subject, key string) (string, bool) {
	if len(subject) < len(key) || subject[:len(key)] != key || len(subject) > len(key) && subject[len(key)] != '#' {
		return "", false
	}
	return subject[len(key):], true
}
