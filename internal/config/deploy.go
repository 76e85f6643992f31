package config

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// Deploy is how releases are brought to the Regions.
type Deploy struct {
	Strategy deploy.Strategy
	// Waves are set with strategy waves.
	Waves [][]string
	Bake  time.Duration
	// Commit is when a Region keeps a release, and BarrierTimeout how long it
	// waits for the others with deploy.Barrier.
	Commit         deploy.CommitMode
	BarrierTimeout time.Duration
	// Alarms are names of alarms by Region.
	Alarms  map[string][]string
	Verify  []Hook
	Freeze  *deploy.Freeze
	Windows []deploy.Window
	Refuse  []deploy.Refusal
	// Preconditions: the Regions are judged before anything is touched.
	Preconditions bool
}

// Hook is something a Region must answer after it was executed. Exactly one
// kind is set.
type Hook struct {
	HTTP    *HTTPHook
	Lambda  *LambdaHook
	Command []string
	Pos     Position
}

// HTTPHook is a request to the application.
type HTTPHook struct {
	URL      map[string]string // by Region
	Status   int
	Contains string
	Headers  map[string]string
	Timeout  time.Duration
}

// LambdaHook is an invocation of a function.
type LambdaHook struct {
	Function map[string]string // by Region
	Payload  string
	Contains string
}

const defaultHookTimeout = 2 * time.Minute

// How long a stack may wait at a barrier. Source of the longest: the timeout of
// a CloudFormation creation policy.
const (
	defaultBarrier  = time.Hour
	shortestBarrier = time.Minute
	longestBarrier  = 12 * time.Hour
)

func (b *builder) deploy(n *node, c *Config) {
	c.Deploy = Deploy{Commit: deploy.Settle, BarrierTimeout: defaultBarrier}
	if n == nil {
		return
	}
	d := Deploy{Strategy: deploy.Parallel, Alarms: map[string][]string{}, Commit: deploy.Settle, BarrierTimeout: defaultBarrier}
	if s := n.get("strategy"); s != nil {
		d.Strategy = deploy.Strategy(s.text)
		if c.Topology.Strategy == topology.ActiveActive && (d.Strategy == deploy.StandbyFirst || d.Strategy == deploy.PrimaryFirst) {
			b.add(s.pos, "write parallel or waves", "deploy.strategy %s does not fit strategy active-active: no Region is the primary", s.text)
		}
	}
	b.waves(n, &d)
	d.Bake, _ = parseDuration(n.get("bake").value()) // the format was checked
	b.barrier(n, &d)
	b.alarms(n, &d)
	for i, item := range n.get("verify").itemsOf() {
		d.Verify = append(d.Verify, b.hook(item, "deploy.verify["+strconv.Itoa(i)+"]"))
	}
	for _, item := range n.get("refuse").goodItems() {
		d.Refuse = append(d.Refuse, deploy.Refusal(item.text))
	}
	d.Preconditions = n.get("preconditions").value() == "true"
	d.Freeze = b.freeze(n.get("freeze"))
	for _, item := range n.get("windows").goodItems() {
		if window, err := deploy.ParseWindow(item.text); err == nil { // the format was checked
			d.Windows = append(d.Windows, window)
		}
	}
	c.Deploy = d
}

// barrier reads how Regions wait for each other. Every wave bakes before the
// decision, so that the first to wait waits for all bakes.
func (b *builder) barrier(n *node, d *Deploy) {
	if s := n.get("commit"); s != nil {
		d.Commit = deploy.CommitMode(s.text)
	}
	at := n.get("barrier-timeout")
	if at != nil {
		d.BarrierTimeout, _ = parseDuration(at.value()) // the format was checked
	} else if at = n.get("commit"); at == nil {
		return
	}
	waves := 1
	switch d.Strategy {
	case deploy.InWaves:
		waves = len(d.Waves)
	case deploy.StandbyFirst, deploy.PrimaryFirst:
		waves = 2
	}
	switch bakes := d.Bake * time.Duration(waves); {
	case d.BarrierTimeout < shortestBarrier || d.BarrierTimeout > longestBarrier:
		b.add(at.pos, "write something from 1m to 12h", "deploy.barrier-timeout is %s", at.value())
	case d.Commit == deploy.Barrier && bakes >= d.BarrierTimeout:
		b.add(at.pos, "let barrier-timeout be longer than the bakes of all waves", "deploy.barrier-timeout: stacks would stop waiting after %s, and baking takes %s", topology.Span(d.BarrierTimeout), topology.Span(bakes))
	}
}

// waves holds the groups against the Regions: each is in exactly one.
func (b *builder) waves(n *node, d *Deploy) {
	list := n.get("waves")
	switch {
	case list == nil && d.Strategy == deploy.InWaves && !n.names("waves"):
		b.add(n.get("strategy").pos, "add waves: [[us-west-2], [us-east-1]]", "deploy.strategy waves needs deploy.waves")
	case list != nil && d.Strategy != deploy.InWaves:
		b.add(list.pos, "write strategy: waves, or remove waves", "deploy.waves is set, but deploy.strategy is %s", d.Strategy)
	}
	seen := map[string]bool{}
	for i, group := range list.itemsOf() {
		var wave []string
		for _, item := range group.goodItems() {
			path := "deploy.waves[" + strconv.Itoa(i) + "]"
			switch {
			case !b.known(entry{key: item.text, pos: item.pos}, path):
			case seen[item.text]:
				b.add(item.pos, "keep one", "%s names %s a second time", path, item.text)
			default:
				wave = append(wave, item.text)
			}
			seen[item.text] = true
		}
		d.Waves = append(d.Waves, wave)
	}
	for _, region := range b.regions {
		if list != nil && !seen[region] {
			b.add(list.pos, "put it into a wave", "deploy.waves lacks %s", region)
		}
	}
}

// alarms are one list for all Regions or one for each.
func (b *builder) alarms(n *node, d *Deploy) {
	list := n.get("alarms")
	if list == nil {
		return
	}
	if d.Bake == 0 {
		b.warnings.add(list.pos, "add bake: 10m", "deploy.alarms are looked at before a deploy only: without deploy.bake nobody waits for them to ring")
	}
	names := func(n *node) []string {
		var all []string
		for _, item := range n.goodItems() {
			all = append(all, item.text)
		}
		slices.Sort(all)
		return slices.Compact(all)
	}
	if list.kind == kindSequence {
		for _, region := range b.regions {
			d.Alarms[region] = names(list)
		}
		return
	}
	for region, own := range b.each(list, "deploy.alarms") {
		d.Alarms[region] = names(own)
	}
}

func (b *builder) hook(n *node, path string) Hook {
	hook := Hook{Pos: n.pos}
	if h := n.get("http"); h != nil {
		hook.HTTP = b.httpHook(h, path+".http")
	}
	if l := n.get("lambda"); l != nil {
		hook.Lambda = &LambdaHook{
			Function: texts(b.each(l.get("function"), path+".lambda.function")),
			Payload:  l.get("payload").value(), Contains: l.get("expect").value(),
		}
		if hook.Lambda.Payload == "" {
			hook.Lambda.Payload = "{}"
		}
	}
	for _, word := range n.get("command").goodItems() {
		hook.Command = append(hook.Command, word.text)
	}
	return hook
}

func (b *builder) httpHook(n *node, path string) *HTTPHook {
	hook := &HTTPHook{
		URL: texts(b.each(n.get("url"), path+".url")), Status: 200, Contains: n.get("contains").value(),
		Headers: map[string]string{}, Timeout: defaultHookTimeout,
	}
	if url := n.get("url"); url != nil && url.scalar() && len(b.regions) > 1 {
		b.warnings.add(url.pos, "write one URL for every Region", "%s.url is one place for all Regions: it cannot tell which of them answers", path)
	}
	if status, err := strconv.Atoi(n.get("expect").value()); err == nil {
		hook.Status = status
	}
	if timeout, err := parseDuration(n.get("timeout").value()); err == nil && timeout > 0 {
		hook.Timeout = timeout
	}
	for _, e := range n.get("headers").goodEntries() {
		hook.Headers[e.key] = e.value.text
	}
	return hook
}

// freeze holds until the end of its last day.
func (b *builder) freeze(n *node) *deploy.Freeze {
	until := n.get("until")
	if until == nil {
		return nil
	}
	day, err := drift.ParseDate(until.text)
	if err != nil {
		return nil // the format was checked: it was reported there
	}
	if day.Expired(b.now) {
		b.warnings.add(until.pos, "remove it", "deploy.freeze ended %s, on %s", daysAgo(day, b.now), day)
	}
	return &deploy.Freeze{Until: day.Time.AddDate(0, 0, 1), Reason: n.get("reason").value()}
}

func verifyJSON(n *node) (message, suggestion string) {
	if !json.Valid([]byte(n.text)) {
		return shown(n.text) + " is not JSON", `write it in quotes, such as '{"quick": true}'`
	}
	return "", ""
}
