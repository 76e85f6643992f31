package preflight

import "slices"

// Actions lists the IAM actions that looking needs, sorted.
func Actions() []string {
	var all []string
	for _, l := range lookers {
		all = append(all, l.actions...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
