package drift

import (
	"cmp"
	"slices"
)

// classes joins symbols that one text stands for. Where a queue and its
// function share a name in one Region, a mention of that name cannot say which
// it means, so both symbols become one, in both Regions.
type classes struct{ parent map[string]string }

func newClasses() *classes { return &classes{parent: map[string]string{}} }

func (c *classes) find(symbol string) string {
	for {
		next, ok := c.parent[symbol]
		if !ok {
			return symbol
		}
		if further, ok := c.parent[next]; ok {
			c.parent[symbol] = further
		}
		symbol = next
	}
}

// join makes two symbols one, named by the shorter, then the smaller, of both.
func (c *classes) join(a, b string) {
	a, b = c.find(a), c.find(b)
	if a == b {
		return
	}
	if cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) > 0 {
		a, b = b, a
	}
	c.parent[b] = a
}

// joinAll joins all symbols that share a text.
func (c *classes) joinAll(owners map[string][]owner) {
	var shared []string
	for text, list := range owners {
		if len(list) > 1 {
			shared = append(shared, text)
		}
	}
	slices.Sort(shared)
	for _, text := range shared {
		list := owners[text]
		for _, o := range list[1:] {
			c.join(list[0].symbol, o.symbol)
		}
	}
}
