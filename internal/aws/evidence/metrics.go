package evidence

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/topology"
)

type metricsAPI interface {
	GetMetricData(context.Context, *cloudwatch.GetMetricDataInput, ...func(*cloudwatch.Options)) (*cloudwatch.GetMetricDataOutput, error)
}

// queriesPerCall is how many metrics one call takes. Source: Amazon CloudWatch
// API reference, GetMetricData.
const queriesPerCall = 500

// window is the time that a metric is asked about, and how finely.
type window struct{ length, period time.Duration }

// recent is long enough to say when a metric fell silent, and short enough for
// five hundred metrics to fit into one answer (100,800 datapoints).
var recent = window{3 * time.Hour, time.Minute}

type dimension struct{ name, value string }

// metric is one metric in CloudWatch's terms; perSecond is how many of its units
// make a second.
type metric struct {
	namespace, name, statistic string
	perSecond                  float64
	dimensions                 []dimension
}

// question is one fact that metrics answer: the first of them that has a
// datapoint does.
type question struct {
	kind, subject string
	metrics       []metric
	// answer makes the fact's value of the metric that has datapoints; nil: none has.
	answer func(w window, until time.Time, m *metric, points []point) map[string]any
}

// point is one datapoint; points are in the order of time.
type point struct {
	at    time.Time
	value float64
}

// lag is the newest datapoint, with its time: how old it is decides what it proves.
func lag(w window, _ time.Time, m *metric, points []point) map[string]any {
	value := map[string]any{"Metric": nil, "Seconds": nil, "At": nil, "Window": topology.Span(w.length)}
	if m != nil {
		newest := points[len(points)-1]
		value["Metric"], value["Seconds"], value["At"] = m.name, seconds(newest.value, m.perSecond), newest.at.UTC().Format(time.RFC3339)
	}
	return value
}

// seconds converts; -1 is no time, but how RDS says that nothing replicates.
func seconds(value, perSecond float64) float64 {
	if value < 0 {
		return value
	}
	return value / perSecond
}

// total is how much there was in all.
func total(w window, until time.Time, m *metric, points []point) map[string]any {
	value := map[string]any{"Operations": nil, "Since": until.Add(-w.length).UTC().Format(time.RFC3339)}
	if m != nil {
		sum := 0.0
		for _, p := range points {
			sum += p.value
		}
		value["Operations"] = sum
	}
	return value
}

// measure answers the questions, as many in a call as it takes.
func (a *across) measure(ctx context.Context, w window, questions []question) {
	var asked []asking
	for i := range questions {
		for j := range questions[i].metrics {
			asked = append(asked, asking{question: i, metric: j, id: fmt.Sprintf("m%d", len(asked))})
		}
	}
	for chunk := range slices.Chunk(asked, queriesPerCall) {
		a.ask(ctx, w, questions, chunk)
	}
	for i, q := range questions {
		a.conclude(w, q, slices.DeleteFunc(slices.Clone(asked), func(one asking) bool { return one.question != i }))
	}
}

// asking is one metric that is asked for, and what came of it.
type asking struct {
	question, metric int
	id               string
	points           []point
	err              error
	// silent is why CloudWatch itself gave no complete answer.
	silent string
}

// ask fills in the answers to one chunk, page by page.
func (a *across) ask(ctx context.Context, w window, questions []question, chunk []asking) {
	until := a.app.Now.Truncate(w.period).Add(w.period)
	in := &cloudwatch.GetMetricDataInput{StartTime: aws.Time(until.Add(-w.length)), EndTime: &until, ScanBy: types.ScanByTimestampAscending}
	byID := map[string]*asking{}
	for i := range chunk {
		one := &chunk[i]
		byID[one.id] = one
		in.MetricDataQueries = append(in.MetricDataQueries, questions[one.question].metrics[one.metric].query(one.id, w))
		one.silent = "the answer does not have the metric"
	}
	pages := cloudwatch.NewGetMetricDataPaginator(a.metrics, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			for _, one := range byID {
				one.err = err
			}
			return
		}
		for _, r := range page.MetricDataResults {
			if one := byID[aws.ToString(r.Id)]; one != nil {
				one.take(r)
			}
		}
	}
}

// take adds one page of a metric. A page that is partial has another one behind it.
func (one *asking) take(r types.MetricDataResult) {
	if len(r.Values) != len(r.Timestamps) {
		one.silent = "the answer has datapoints without a time"
		return
	}
	for i, at := range r.Timestamps {
		one.points = append(one.points, point{at, r.Values[i]})
	}
	one.silent = ""
	if r.StatusCode != types.StatusCodeComplete {
		one.silent = "the answer for the metric is " + string(r.StatusCode)
	}
}

// query is a metric as GetMetricData takes it.
func (m metric) query(id string, w window) types.MetricDataQuery {
	dimensions := make([]types.Dimension, len(m.dimensions))
	for i := range m.dimensions {
		dimensions[i] = types.Dimension{Name: &m.dimensions[i].name, Value: &m.dimensions[i].value}
	}
	return types.MetricDataQuery{Id: &id, ReturnData: aws.Bool(true), MetricStat: &types.MetricStat{
		Metric: &types.Metric{Namespace: &m.namespace, MetricName: &m.name, Dimensions: dimensions},
		Period: aws.Int32(int32(w.period / time.Second)), Stat: &m.statistic,
	}}
}

// conclude records what a question's metrics came to. One that was refused or
// broke off leaves it open: the metric before it might have known better.
func (a *across) conclude(w window, q question, asked []asking) {
	for _, one := range asked {
		switch {
		case one.err != nil:
			a.failed(q.kind, q.subject, "", one.err)
			return
		case one.silent != "":
			a.gap(drift.Gap{Resource: q.subject, Operation: "cloudwatch:GetMetricData", Reason: session.BadResponse, Message: one.silent, Fact: q.kind})
			return
		case len(one.points) > 0:
			slices.SortFunc(one.points, func(x, y point) int { return x.at.Compare(y.at) })
			a.fact(q.kind, q.subject, q.answer(w, a.app.Now, &q.metrics[one.metric], one.points))
			return
		}
	}
	a.fact(q.kind, q.subject, q.answer(w, a.app.Now, nil, nil))
}
