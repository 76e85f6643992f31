package drift

import (
	"slices"
	"strconv"
	"strings"
)

// shortCodes are the customary short forms of a Region code, as found in
// resource names: us-east-1 is written use1, useast1 and us_east_1.
func shortCodes(region string) []string {
	parts := strings.Split(region, "-")
	if len(parts) < 3 {
		return nil
	}
	var short strings.Builder
	short.WriteString(parts[0])
	for _, word := range parts[1 : len(parts)-1] {
		short.WriteString(compass(word))
	}
	short.WriteString(parts[len(parts)-1])
	codes := []string{short.String(), strings.Join(parts, ""), strings.Join(parts, "_")}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// compass shortens the middle word of a Region code the way AWS's own zone
// ids do: "northeast" is "ne", "central" is "c", "gov" is "g".
func compass(word string) string {
	for _, direction := range []string{"north", "south"} {
		if rest, ok := strings.CutPrefix(word, direction); ok && rest != "" {
			return direction[:1] + rest[:1]
		}
	}
	return word[:min(1, len(word))]
}

// zones finds the Availability Zones a Region's values name, as whole values or
// as the elements of a list in a text:
// names (us-east-1a) and ids (use1-az4), each kind sorted.
func zones(s *Snapshot) (names, ids []string) {
	region := s.Region.Name
	if region == "" {
		return nil, nil
	}
	code := shortZonePrefix(region)
	seen := map[string]bool{}
	visit := func(text string) {
		text = strings.TrimSpace(text)
		switch {
		case len(text) == len(region)+1 && strings.HasPrefix(text, region) && isLetter(text[len(text)-1]):
			seen[text] = true
		case code != "" && strings.HasPrefix(text, code+"-az"):
			if _, err := strconv.Atoi(text[len(code)+3:]); err == nil {
				seen[text] = true
			}
		}
	}
	for i := range s.Resources {
		eachText(s.Resources[i].Properties, func(text string) {
			for part := range strings.SplitSeq(text, ",") {
				visit(part)
			}
		})
	}
	for _, f := range s.Facts {
		if f.Kind == FactContent {
			eachText(f.Value, visit)
		}
	}
	for zone := range seen {
		if strings.HasPrefix(zone, region) {
			names = append(names, zone)
		} else {
			ids = append(ids, zone)
		}
	}
	slices.Sort(names)
	slices.Sort(ids)
	return names, ids
}

func shortZonePrefix(region string) string {
	for _, code := range shortCodes(region) {
		if !strings.Contains(code, "_") && len(code) <= 6 {
			return code
		}
	}
	return ""
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

// eachText visits every string value of a tree.
func eachText(v any, visit func(string)) {
	switch v := v.(type) {
	case string:
		visit(v)
	case []any:
		for _, e := range v {
			eachText(e, visit)
		}
	case map[string]any:
		for _, e := range v {
			eachText(e, visit)
		}
	}
}
