// Package inventory answers which resources belong to the application in one Region.
//
// It owns the reading of CloudFormation stacks: their status, parameters and outputs, the deployed template, and the list of
// resources with their physical ids, nested stacks included. From the template it works out what each resource was declared
// as, once with other resources as symbols (to tell why Regions differ) and once with their physical ids (to find resources
// that can only be addressed through another one).
//
// It owns the other sources too: Terraform states, fetched from files or S3 and understood by package terraform, and tags, which
// the Resource Groups Tagging API searches. Sources mix; what two of them list is taken once.
//
// It refuses to pass over anything in silence. A stack that cannot be read, a row without an id and a declared resource that
// an incomplete list does not mention are gaps, and so are a state or a page of tags that is refused, a type or an ARN that no
// table knows, and two resources that could be the sibling of one. A stack that does not exist is no gap: it is a Stack without
// a status. A state that does not exist is no gap either: it is an error, because the configuration is wrong.
package inventory
