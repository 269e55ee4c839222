// Prints how each id of the input is written in a document's path. Ids are JSON texts, one on each line.
package main

import (
	"encoding/json"
	"log"
	"os"
	"regexp"
	"strings"
)

var reserved = regexp.MustCompile(`(?s)\A__(.*)__\z`)

func encodeID(id string) string {
	if id == "." || id == ".." {
		return strings.ReplaceAll(id, ".", "%2E")
	}
	encoded := strings.NewReplacer("%", "%25", "/", "%2F").Replace(id)
	return reserved.ReplaceAllString(encoded, "%5F%5F${1}%5F%5F")
}

func main() {
	input, output := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for input.More() {
		var id string
		if err := input.Decode(&id); err != nil {
			log.Fatal(err)
		}
		if err := output.Encode(encodeID(id)); err != nil {
			log.Fatal(err)
		}
	}
}
