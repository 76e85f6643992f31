package report

import (
	"strconv"
	"strings"
)

// Series shortens sorted ids of rules: three or more that follow each other are
// named by the first and the number of the last, as in CAP-01–11.
func Series(ids []string) []string {
	var short []string
	for len(ids) > 0 {
		n := 1
		for n < len(ids) && succeeds(ids[n-1], ids[n]) {
			n++
		}
		if n < 3 {
			n = 1
			short = append(short, ids[0])
		} else {
			_, last, _ := strings.Cut(ids[n-1], "-")
			short = append(short, ids[0]+"–"+last)
		}
		ids = ids[n:]
	}
	return short
}

// succeeds reports whether an id is the next one of the same area.
func succeeds(id, next string) bool {
	area, number, _ := strings.Cut(id, "-")
	same, following, _ := strings.Cut(next, "-")
	a, err := strconv.Atoi(number)
	b, failed := strconv.Atoi(following)
	return area == same && err == nil && failed == nil && b == a+1
}
