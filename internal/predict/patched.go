package predict

import "slices"

// patched is a live value with the change from now to next made in it. Only what
// changes is touched, so that what AWS added to a value stays: an object is
// changed member by member, a list whose elements have names element by
// element. Values are closed trees and are not changed themselves.
func patched(live, now, next any) any {
	if same(now, next) {
		return live
	}
	if object, ok := next.(map[string]any); ok {
		liveObject, isObject := live.(map[string]any)
		if nowObject, _ := now.(map[string]any); isObject {
			return patchedObject(liveObject, nowObject, object)
		}
	}
	if list, ok := next.([]any); ok {
		liveList, isList := live.([]any)
		nowList, _ := now.([]any)
		if name := elementName(list, liveList, nowList); isList && name != "" {
			return patchedList(liveList, nowList, list, name)
		}
	}
	return next
}

func patchedObject(live, now, next map[string]any) map[string]any {
	out := make(map[string]any, len(live)+len(next))
	for name, value := range live {
		_, declared := now[name]
		if _, stays := next[name]; stays || !declared {
			out[name] = value
		}
	}
	for name, value := range next {
		have, exists := live[name]
		if !exists && !same(now[name], value) || exists {
			out[name] = patched(have, now[name], value)
		}
	}
	return out
}

// elementName is the member that names the elements of all lists; empty
// where they have none in common.
func elementName(lists ...[]any) string {
	for _, name := range []string{"Key", "Name", "Id", "Sid", "AttributeName", "IndexName"} {
		if all := slices.ContainsFunc(lists, func(l []any) bool { return len(l) > 0 }); all && everyNamed(lists, name) {
			return name
		}
	}
	return ""
}

func everyNamed(lists [][]any, name string) bool {
	for _, list := range lists {
		seen := map[string]bool{}
		for _, element := range list {
			object, _ := element.(map[string]any)
			text, ok := object[name].(string)
			if !ok || seen[text] {
				return false
			}
			seen[text] = true
		}
	}
	return true
}

func patchedList(live, now, next []any, name string) []any {
	named := func(list []any, what string) (any, bool) {
		for _, element := range list {
			if object, _ := element.(map[string]any); object[name] == what {
				return element, true
			}
		}
		return nil, false
	}
	out := []any{}
	for _, element := range live {
		what, _ := element.(map[string]any)[name].(string)
		_, declared := named(now, what)
		wanted, stays := named(next, what)
		before, _ := named(now, what)
		switch {
		case stays:
			out = append(out, patched(element, before, wanted))
		case !declared:
			out = append(out, element)
		}
	}
	for _, element := range next {
		what, _ := element.(map[string]any)[name].(string)
		before, had := named(now, what)
		if _, there := named(live, what); !there && !(had && same(before, element)) {
			out = append(out, element)
		}
	}
	return out
}
