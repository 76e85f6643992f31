package report

import "strings"

// Prediction says how far a report could look into what a merge would bring.
type Prediction struct {
	Level PredictionLevel `json:"level"`
	// Why are the reasons, one sentence each, why it could not look further;
	// untrusted text. Empty at PredictedPlanned.
	Why []string `json:"why,omitempty"`
}

// PredictionLevel is what a prediction rests on.
type PredictionLevel string

// The levels, each resting on more than the one before.
const (
	// PredictedStatic: the templates of the working tree, evaluated for every
	// Region and compared with each other. Nothing was asked of AWS.
	PredictedStatic PredictionLevel = "static"
	// PredictedLive: the live Regions with the changes that the evaluated
	// templates make. CloudFormation did not confirm the changes everywhere.
	PredictedLive PredictionLevel = "live"
	// PredictedPlanned: the live Regions with the changes that the change sets
	// of every Region confirm.
	PredictedPlanned PredictionLevel = "planned"
)

var restsOn = map[PredictionLevel]string{
	PredictedStatic:  "the templates alone, evaluated for every Region; AWS was not asked",
	PredictedLive:    "the live Regions and the templates; CloudFormation did not confirm the changes",
	PredictedPlanned: "the live Regions and the change sets and plans of every Region",
}

// sentence is the line of a report that says what the prediction rests on;
// plain untrusted text.
func (p *Prediction) sentence() string {
	text := "Prediction, level " + string(p.Level) + ": it rests on " + restsOn[p.Level] + "."
	if len(p.Why) > 0 {
		text += " Not further, because " + strings.Join(p.Why, "; ") + "."
	}
	return text
}

// notices are what the reader must know about the report itself.
func notices(r Report) []string {
	if r.Prediction == nil {
		return r.Notices
	}
	return append([]string{r.Prediction.sentence()}, r.Notices...)
}
