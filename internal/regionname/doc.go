// Package regionname answers which Region a name mentions, and what is left of the name without it.
//
// Teams write Regions into names in many ways: orders-us-east-1, orders_use1, useast1-orders. Two resources that are one in
// two Regions differ in such a word and in nothing else. The package knows the customary forms and finds them only as whole
// words: "useful1" is no Region. It decides nothing about pairs; it makes names comparable.
package regionname
