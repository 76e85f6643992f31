package awssim

import (
	"fmt"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
)

// scenario is the YAML form of Options.
type scenario struct {
	Seed      int64                   `yaml:"seed"`
	Speed     float64                 `yaml:"speed"`
	Latency   fault.Duration          `yaml:"latency"`
	Limits    bool                    `yaml:"limits"`
	Accounts  map[string]string       `yaml:"accounts"`
	Durations map[string]durationsDoc `yaml:"durations"`
	Faults    []Fault                 `yaml:"faults"`
	Resources []Seed                  `yaml:"resources"`
	Edits     []Edit                  `yaml:"edits"`
}

type durationsDoc struct {
	Create fault.Duration `yaml:"create"`
	Update fault.Duration `yaml:"update"`
	Delete fault.Duration `yaml:"delete"`
}

// Seed is a resource that exists from the start. An empty account is 111111111111.
type Seed struct {
	Account    string            `json:"account,omitempty" yaml:"account,omitempty"`
	Region     string            `json:"region" yaml:"region"`
	Type       string            `json:"type" yaml:"type"`
	Properties map[string]any    `json:"properties" yaml:"properties"` // as in a template
	Tags       map[string]string `json:"tags,omitempty" yaml:"tags,omitempty"`
}

// Edit is a change behind everybody's back: it sets properties of a live resource (null removes one), or deletes it.
type Edit struct {
	After   fault.Duration `json:"after,omitempty" yaml:"after,omitempty"` // simulated time from the start
	Account string         `json:"account,omitempty" yaml:"account,omitempty"`
	Region  string         `json:"region" yaml:"region"`
	Type    string         `json:"type" yaml:"type"`
	ID      string         `json:"id" yaml:"id"` // primary identifier
	Set     map[string]any `json:"set,omitempty" yaml:"set,omitempty"`
	Delete  bool           `json:"delete,omitempty" yaml:"delete,omitempty"`
}

// ReadScenario reads Options from YAML: seed, speed, latency, limits, accounts, durations by type, faults, resources and
// edits. Unknown keys are errors with their position.
func ReadScenario(doc []byte) (Options, error) {
	var s scenario
	if err := yaml.UnmarshalWithOptions(doc, &s, yaml.Strict()); err != nil {
		return Options{}, fmt.Errorf("read scenario: %w", err)
	}
	o := Options{Seed: s.Seed, Speed: s.Speed, Latency: s.Latency.D(), Limits: s.Limits, Accounts: s.Accounts, Faults: s.Faults,
		Resources: s.Resources, Edits: s.Edits, Durations: map[string]core.Durations{}}
	for typ, d := range s.Durations {
		o.Durations[typ] = core.Durations{Create: d.Create.D(), Update: d.Update.D(), Delete: d.Delete.D()}
	}
	return o, nil
}

// plant creates the seeds and schedules the edits.
func (c *Cloud) plant(s *state) error {
	for _, seed := range c.options.Resources {
		if _, err := s.world.Create(scopeOf(seed.Account, seed.Region), seed.Type, seed.Properties, core.Origin{Tags: seed.Tags}); err != nil {
			return fmt.Errorf("create %s in %s for the scenario: %w", seed.Type, seed.Region, err)
		}
	}
	for _, e := range c.options.Edits {
		c.clock.AfterFunc(e.After.D(), func() {
			if c.state.Load() != s {
				return // the cloud was reset since
			}
			entry := Entry{Time: c.clock.Now(), Account: e.Account, Region: e.Region, Service: "scenario", Operation: "Edit " + e.Type, Status: 200}
			if err := c.Edit(e); err != nil {
				entry.Status, entry.Code = 400, err.Error()
			}
			c.ledger.add(entry)
		})
	}
	return nil
}

// Edit changes a live resource at once, whatever After says.
func (c *Cloud) Edit(e Edit) error {
	scope, world := scopeOf(e.Account, e.Region), c.World()
	var err error
	if e.Delete {
		err = world.Delete(scope, e.Type, e.ID)
	} else {
		_, err = world.Update(scope, e.Type, e.ID, core.Patch{Properties: e.Set})
	}
	if err != nil {
		return fmt.Errorf("edit %s %s in %s: %w", e.Type, e.ID, e.Region, err)
	}
	return nil
}

func scopeOf(account, region string) store.Scope {
	if account == "" {
		account = defaultAccount
	}
	return store.Scope{Account: account, Region: region}
}

// Settle moves a virtual clock until nothing is planned any more, at most by limit, and reports whether that was reached.
// On the wall clock it does nothing and reports false.
func (c *Cloud) Settle(limit time.Duration) bool {
	m, virtual := c.clock.(interface{ Drain(time.Duration) bool })
	return virtual && m.Drain(limit)
}
