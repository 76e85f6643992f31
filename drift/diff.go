package drift

import (
	"strings"

	"github.com/google/go-cmp/cmp"
)

// differences lists the places where two canonical trees are not alike, in
// the order of their paths.
func differences(p, s *node) []difference {
	a := align(p, s)
	c := collector{places: a.places}
	cmp.Equal(a.primary, a.standby, cmp.Reporter(&c))
	return c.found
}

// collector is a cmp.Reporter that looks the places up again. go-cmp visits
// map keys in sorted order.
type collector struct {
	path   cmp.Path
	places map[string]difference
	found  []difference
}

func (c *collector) PushStep(s cmp.PathStep) { c.path = append(c.path, s) }
func (c *collector) PopStep()                { c.path = c.path[:len(c.path)-1] }

// Report notes an unequal leaf: a value or a subtree that one side lacks.
func (c *collector) Report(r cmp.Result) {
	if r.Equal() {
		return
	}
	var at strings.Builder
	for _, s := range c.path {
		if index, ok := s.(cmp.MapIndex); ok {
			at.WriteString("\x00" + index.Key().String())
		}
	}
	if d, ok := c.places[at.String()]; ok {
		c.found = append(c.found, d)
	}
}
