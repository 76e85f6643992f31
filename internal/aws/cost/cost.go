// Package cost asks Cost Explorer what Regions cost. It is no evidence: no rule
// waits for it, and what cannot be asked is said to be unknown.
package cost

import (
	"context"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/costexplorer"
	"github.com/aws/aws-sdk-go-v2/service/costexplorer/types"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// metric is what an invoice shows before discounts are spread.
// Source: Cost Explorer user guide, "Understanding your cost data".
const metric = "UnblendedCost"

// Actions are the IAM actions needed.
func Actions() []string { return []string{"ce:GetCostAndUsage"} }

// Tag narrows the cost to what carries it; the zero value is the whole account.
type Tag struct{ Key, Value string }

// ParseTag reads KEY=VALUE; nothing is the whole account.
func ParseTag(text string) (Tag, error) {
	if text == "" {
		return Tag{}, nil
	}
	key, value, found := strings.Cut(text, "=")
	if !found || key == "" || value == "" {
		return Tag{}, fmt.Errorf("--cost-tag %q: write KEY=VALUE", text)
	}
	return Tag{key, value}, nil
}

// Set reports whether there is a tag.
func (t Tag) Set() bool { return t.Key != "" }

func (t Tag) String() string {
	if !t.Set() {
		return "the whole account"
	}
	return "tag " + t.Key + "=" + t.Value
}

// Amount is a decimal number with its currency.
type Amount struct{ Value, Currency string }

// Month is what an account's Regions cost since the month began.
type Month struct {
	From, To string // days, To excluded
	amounts  map[string]*total
	unknown  string
}

type total struct {
	sum      *big.Rat
	currency string
}

// Of is a Region's cost, or why it is not known. A Region that Cost Explorer does
// not list cost nothing.
func (m Month) Of(region string) (amount Amount, unknown string) {
	if m.unknown != "" {
		return Amount{}, m.unknown
	}
	found, listed := m.amounts[region]
	if !listed {
		for _, other := range m.amounts { // the currency of the account
			return Amount{"0.00", other.currency}, ""
		}
	}
	return Amount{found.sum.FloatString(2), found.currency}, ""
}

// MonthToDate asks for the days of the month that are over at now.
func MonthToDate(ctx context.Context, cfg aws.Config, tag Tag, now time.Time) Month {
	now = now.UTC()
	m := Month{From: now.Format("2006-01") + "-01", To: now.Format(time.DateOnly), amounts: map[string]*total{}}
	if m.From == m.To {
		return Month{unknown: "the month begins today: no day of it is over"}
	}
	err := m.ask(ctx, costexplorer.NewFromConfig(cfg), tag)
	switch {
	case err != nil:
		problem := session.Classify(err)
		return Month{unknown: strings.TrimSpace(problem.Permission + " " + problem.Reason + ": " + problem.Message)}
	case len(m.amounts) == 0 && tag.Set():
		return Month{unknown: "no cost has the " + tag.String() + "; the key has to be active as a cost allocation tag"}
	case len(m.amounts) == 0:
		return Month{unknown: "Cost Explorer has no figure of this month yet"}
	}
	return m
}

func (m *Month) ask(ctx context.Context, api *costexplorer.Client, tag Tag) error {
	in := &costexplorer.GetCostAndUsageInput{
		Granularity: types.GranularityMonthly, Metrics: []string{metric},
		TimePeriod: &types.DateInterval{Start: &m.From, End: &m.To},
		GroupBy:    []types.GroupDefinition{{Type: types.GroupDefinitionTypeDimension, Key: aws.String(string(types.DimensionRegion))}},
	}
	if tag.Set() {
		in.Filter = &types.Expression{Tags: &types.TagValues{Key: &tag.Key, Values: []string{tag.Value}, MatchOptions: []types.MatchOption{types.MatchOptionEquals}}}
	}
	for {
		out, err := api.GetCostAndUsage(ctx, in)
		if err != nil {
			return err
		}
		for _, period := range out.ResultsByTime {
			for _, group := range period.Groups {
				if err := m.add(group); err != nil {
					return err
				}
			}
		}
		if aws.ToString(out.NextPageToken) == "" {
			return nil
		}
		in.NextPageToken = out.NextPageToken
	}
}

// add counts one Region's group; what is no number is no zero.
func (m *Month) add(group types.Group) error {
	value, ok := new(big.Rat).SetString(aws.ToString(group.Metrics[metric].Amount))
	if !ok || len(group.Keys) != 1 {
		return fmt.Errorf("no %s of a Region in the answer of Cost Explorer", metric)
	}
	region := group.Keys[0]
	if m.amounts[region] == nil {
		m.amounts[region] = &total{new(big.Rat), aws.ToString(group.Metrics[metric].Unit)}
	}
	m.amounts[region].sum.Add(m.amounts[region].sum, value)
	return nil
}
