// Times compromise: `compromise.mjs DUMP NAMES SECONDS`. Prints one line of cells between tabs.

import { readFileSync } from 'node:fs'
import nlp from 'compromise'

const [dump, names, limit] = process.argv.slice(2)
const lines = (path) => readFileSync(path, 'utf8').split('\n').filter((line) => line.trim() !== '')

const [header, ...rows] = lines(names)
const column = (name) => header.split(',').indexOf(name)
const [name, type, aliases] = ['name', 'type', 'aliases'].map(column)
const tags = { person: 'Person', place: 'Place', organization: 'Organization' }
const words = {}
for (const row of rows) {
  const cells = row.split(',')
  for (const form of [cells[name], ...(cells[aliases] ?? '').split('|')]) {
    if (form) words[form.toLowerCase()] = tags[cells[type]]
  }
}
const articles = lines(dump).map((line) => JSON.parse(line).text)

// Seconds of computing, so that other work on the machine does not count.
const busy = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
let begun = busy()
nlp.addWords(words)
const learnt = busy() - begun

let [read, found, quotations] = [0, 0, 0]
begun = busy()
for (const text of articles) {
  if (busy() - begun > Number(limit)) break
  const doc = nlp(text)
  found += doc.people().length + doc.places().length + doc.organizations().length
  quotations += doc.quotations().length
  read += Buffer.byteLength(text)
}
const took = busy() - begun
if (found === 0) throw new Error('compromise found nothing')
console.log(['compromise', learnt, read / 1e6, took, `${found} names, ${quotations} quotations`].join('\t'))
