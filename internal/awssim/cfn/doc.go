// Package cfn simulates CloudFormation: stacks, change sets, events, drift, signals, exports, nested stacks. Operations are
// asynchronous: each is a walk over the dependency graph of a template whose steps end in callbacks of the simulation's
// clock. Resources are made, changed and deleted through core.World, so they are the same live state that the services and
// Cloud Control work on, and a change behind CloudFormation's back stays, as on AWS: updates compare templates, not reality.
//
// It owns stack state and the state machine; internal/template owns what a template means, the kinds own what a resource is.
// It refuses what AWS refuses, in AWS's words where they are known. A stack policy judges updates of what is not a nested
// stack; a deletion that it denies fails the update before anything is changed. Not simulated: stack sets, the registry,
// hooks, resource import, macros, stack refactoring.
//
// One mutex guards an Engine. API handlers and clock callbacks take it; nothing called with it held takes it again.
package cfn
