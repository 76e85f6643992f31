// Package inventory answers which resources belong to the application in one Region.
//
// It owns the reading of CloudFormation stacks: their status, parameters and outputs, the deployed template, and the list of
// resources with their physical ids, nested stacks included. From the template it works out what each resource was declared
// as, once with other resources as symbols (to tell why Regions differ) and once with their physical ids (to find resources
// that can only be addressed through another one).
//
// It refuses to pass over anything in silence. A stack that cannot be read, a row without an id and a declared resource that
// an incomplete list does not mention are gaps. A stack that does not exist is no gap: it is a Stack without a status.
package inventory
