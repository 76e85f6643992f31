package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/config"
)

// stacksOf are the names of the stacks of every Region.
func (p *proposal) stacksOf(ctx context.Context, g *globals) (map[string][]string, error) {
	sessions, err := g.openAll(ctx, p.topology())
	if err != nil {
		return nil, err
	}
	names := map[string][]string{}
	for _, s := range sessions {
		if names[s.Region.Name], err = inventory.StackNames(ctx, s.ReadOnly); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// refuseUnknown refuses a stack that none of the Regions has for which it was
// named: a word that is wrong, which nothing would ever be compared by. One that
// a Region lacks and another has is a difference, for the comparison to say.
func (p *proposal) refuseUnknown(there map[string][]string) error {
	for _, pair := range p.stacks {
		for _, region := range p.options.regions {
			name := pair.names[region]
			var asked, have []string
			for _, other := range p.options.regions {
				if pair.names[other] == name {
					asked, have = append(asked, other), append(have, there[other]...)
				}
			}
			if slices.Contains(have, name) {
				continue
			}
			hint := ""
			if near := config.Nearest(name, set(have)); near != "" {
				hint = fmt.Sprintf(" (did you mean %s?)", near)
			}
			return usageError{fmt.Errorf("no stack %s in %s%s: nothing was written", name, strings.Join(asked, " or "), hint)}
		}
	}
	return nil
}

// refuseNothing refuses to propose by what shows nothing at all.
func (p *proposal) refuseNothing(snapshots []*drift.Snapshot) error {
	regions := strings.Join(p.options.regions, " or ")
	var gaps []drift.Gap
	for _, s := range snapshots {
		if len(s.Resources) > 0 {
			return nil
		}
		gaps = append(gaps, s.Gaps...)
	}
	if len(gaps) > 0 {
		return fmt.Errorf("read %s: no resource could be read (%s: %s): nothing was written", regions, gaps[0].Operation, gaps[0].Reason)
	}
	return usageError{fmt.Errorf("nothing was found in %s by --stacks, --tag or --terraform-state: nothing was written", regions)}
}

func set(names []string) map[string]bool {
	s := map[string]bool{}
	for _, name := range names {
		s[name] = true
	}
	return s
}
