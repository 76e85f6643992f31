package deploy

import (
	"fmt"
	"slices"
	"strings"
)

// Strategy is the order in which Regions are executed. Preparing, comparing
// and recording are done in all Regions together, whatever the strategy: the
// order decides only how much traffic a bad release meets before it is noticed.
type Strategy string

// The strategies.
const (
	// Parallel executes all Regions at once: as long as the slowest one.
	Parallel Strategy = "parallel"
	// StandbyFirst executes the standbys, which serve nobody, verifies them,
	// and then the primary.
	StandbyFirst Strategy = "standby-first"
	// PrimaryFirst executes the primary, verifies it, and then the standbys.
	PrimaryFirst Strategy = "primary-first"
	// InWaves executes the Regions as Request.Waves groups them.
	InWaves Strategy = "waves"
)

// Strategies lists them, the default first.
func Strategies() []Strategy { return []Strategy{Parallel, StandbyFirst, PrimaryFirst, InWaves} }

// waves groups the Regions of the request by the order of their execution.
func (q Request) waves() ([][]string, error) {
	var primary, others []string
	for _, region := range q.Regions {
		if region.Role == "primary" {
			primary = append(primary, region.Name)
		} else {
			others = append(others, region.Name)
		}
	}
	switch q.Strategy {
	case Parallel:
		return [][]string{append(primary, others...)}, nil
	case StandbyFirst, PrimaryFirst:
		if slices.ContainsFunc(q.Regions, func(r Region) bool { return r.Role == "active" }) {
			return nil, fmt.Errorf("deploy with strategy %s: the Regions are active-active, none is the primary: use %s or %s", q.Strategy, Parallel, InWaves)
		}
		order := [][]string{others, primary}
		if q.Strategy == PrimaryFirst {
			order = [][]string{primary, others}
		}
		return slices.DeleteFunc(order, func(wave []string) bool { return len(wave) == 0 }), nil
	case InWaves:
		return q.namedWaves()
	}
	return nil, fmt.Errorf("deploy with strategy %q: use one of %s", q.Strategy, strings.Join(strategyNames(), ", "))
}

// namedWaves are the waves of the request, without Regions that are left out.
func (q Request) namedWaves() ([][]string, error) {
	takesPart := map[string]bool{}
	for _, region := range q.Regions {
		takesPart[region.Name] = true
	}
	seen := map[string]bool{}
	var waves [][]string
	for _, names := range q.Waves {
		var wave []string
		for _, name := range names {
			switch {
			case seen[name]:
				return nil, fmt.Errorf("deploy in waves: %s is in two of them", name)
			case takesPart[name]:
				wave = append(wave, name)
			case !slices.Contains(q.LeftOut, name):
				return nil, fmt.Errorf("deploy in waves: %s is no Region of this deploy", name)
			}
			seen[name] = true
		}
		if len(wave) > 0 {
			waves = append(waves, wave)
		}
	}
	for _, region := range q.Regions {
		if !seen[region.Name] {
			return nil, fmt.Errorf("deploy in waves: %s is in none of them", region.Name)
		}
	}
	return waves, nil
}

func strategyNames() []string {
	var names []string
	for _, s := range Strategies() {
		names = append(names, string(s))
	}
	return names
}

// inWaves are the Regions of the run in the order of their execution.
func (r *run) inWaves() [][]*regionRun {
	waves, err := r.req.waves()
	if err != nil { // the request was validated
		return [][]*regionRun{r.regions}
	}
	grouped := make([][]*regionRun, len(waves))
	for i, names := range waves {
		for _, reg := range r.regions {
			if slices.Contains(names, reg.Name) {
				grouped[i] = append(grouped[i], reg)
			}
		}
	}
	return grouped
}
