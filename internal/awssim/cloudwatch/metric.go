package cloudwatch

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// metricType keeps the datapoints of one metric: what PutMetricData was told, also of AWS's own namespaces, which nothing
// else in the simulation feeds. AWS refuses those to everybody but its services.
const metricType = "sim::CloudWatch::Metric"

// datapoint is one value at one time.
type datapoint struct {
	at    time.Time
	value float64
}

// metricID names a metric by its namespace, its name and its dimensions in order.
func metricID(namespace, name string, dimensions []wire.Object) string {
	parts := make([]string, len(dimensions))
	for i, d := range dimensions {
		parts[i] = d.String("Name") + "=" + d.String("Value")
	}
	slices.Sort(parts)
	return namespace + "|" + name + "|" + strings.Join(parts, ",")
}

func putMetricData(c *core.Call) (any, error) {
	for _, m := range c.In.Objects("MetricData") {
		at, ok := timeOf(m["Timestamp"])
		if !ok {
			at = c.Now()
		}
		id, value := metricID(c.In.String("Namespace"), m.String("MetricName"), m.Objects("Dimensions")), number(m["Value"])
		if _, known := c.Get(metricType, id); !known {
			c.World.Store.Put(store.Resource{Scope: c.Scope, Type: metricType, ID: id, Properties: map[string]any{"Points": []datapoint{}}})
		}
		_, _, err := c.World.Store.Update(c.Scope, metricType, id, func(r *store.Resource) error {
			points, _ := r.Properties["Points"].([]datapoint)
			r.Properties["Points"] = append(slices.Clone(points), datapoint{at, value})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// queriesPerCall is how many metrics one call takes. Source: Amazon CloudWatch API reference, GetMetricData.
const queriesPerCall = 500

func getMetricData(c *core.Call) (any, error) {
	queries := c.In.Objects("MetricDataQueries")
	start, ok := timeOf(c.In["StartTime"])
	end, ok2 := timeOf(c.In["EndTime"])
	if !ok || !ok2 || !start.Before(end) || len(queries) == 0 || len(queries) > queriesPerCall {
		return nil, wire.Errorf(400, "ValidationError", "The parameters StartTime, EndTime and MetricDataQueries (at most %d) are not valid.", queriesPerCall)
	}
	results := []any{}
	for _, q := range queries {
		stat := q.Object("MetricStat")
		metric := stat.Object("Metric")
		times, values := []any{}, []any{}
		if r, known := c.Get(metricType, metricID(metric.String("Namespace"), metric.String("MetricName"), metric.Objects("Dimensions"))); known {
			points, _ := r.Properties["Points"].([]datapoint)
			times, values = periods(points, start, end, time.Duration(stat.Int("Period", 60))*time.Second, stat.String("Stat"))
		}
		if c.In.String("ScanBy") != "TimestampAscending" {
			slices.Reverse(times)
			slices.Reverse(values)
		}
		results = append(results, core.Out{"Id": q.String("Id"), "Label": metric.String("MetricName"), "Timestamps": times, "Values": values, "StatusCode": "Complete"})
	}
	return core.Out{"MetricDataResults": results, "Messages": []any{}}, nil
}

// periods are the values of a statistic by period, in the order of time; a period without a datapoint has none.
func periods(points []datapoint, start, end time.Time, period time.Duration, stat string) (times, values []any) {
	byPeriod := map[time.Time][]float64{}
	for _, p := range points {
		if !p.at.Before(start) && p.at.Before(end) {
			byPeriod[p.at.Truncate(period).UTC()] = append(byPeriod[p.at.Truncate(period).UTC()], p.value)
		}
	}
	var order []time.Time
	for at := range byPeriod {
		order = append(order, at)
	}
	slices.SortFunc(order, time.Time.Compare)
	times, values = []any{}, []any{}
	for _, at := range order {
		times, values = append(times, at), append(values, statistic(stat, byPeriod[at]))
	}
	return times, values
}

func statistic(stat string, list []float64) float64 {
	sum := 0.0
	for _, v := range list {
		sum += v
	}
	switch stat {
	case "Maximum":
		return slices.Max(list)
	case "Minimum":
		return slices.Min(list)
	case "SampleCount":
		return float64(len(list))
	case "Sum":
		return sum
	default:
		return sum / float64(len(list))
	}
}

// timeOf reads a time as the protocols carry it: CBOR as such, JSON as seconds, query as text.
func timeOf(v any) (time.Time, bool) {
	switch v := v.(type) {
	case time.Time:
		return v, true
	case string:
		at, err := time.Parse(time.RFC3339, v)
		return at, err == nil
	case nil:
		return time.Time{}, false
	default:
		return time.UnixMilli(int64(number(v) * 1000)).UTC(), true
	}
}

func number(v any) float64 {
	n, _ := strconv.ParseFloat(wire.Text(v), 64)
	return n
}
