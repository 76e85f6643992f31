package preflight

import (
	"fmt"

	"github.com/lockstep-dr/lockstep/drift"
)

// NotOffered are the resource types that templates would make in a Region where AWS
// is said not to offer them, each with a sentence. The list that says so is of a
// day, and AWS brings types to Regions since: it is a warning and no more.
func NotOffered(place Place, sources []Source) map[string]string {
	doubts := map[string]string{}
	for _, source := range sources {
		place.each(source, func(from, kind string, _ map[string]any) {
			if told, lacks := drift.NotOffered(place.Region, kind); lacks && doubts[kind] == "" {
				doubts[kind] = fmt.Sprintf("AWS may not offer %s (%s) in %s: by the %s", kind, from, place.Region, told)
			}
		})
	}
	return doubts
}
