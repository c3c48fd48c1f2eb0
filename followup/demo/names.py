"""Common Mexican names, each list for itself; with Ñ, accents, particles and very long ones."""

_WOMEN = (
    "Abigail; Adriana; Aitana; Alejandra; Alondra; Ámbar; Ana; Ana Sofía; Andrea; Ángela; Arantxa; "
    "Begoña; Brenda; Camila; Carolina; Celeste; Citlali; Concepción; Daniela; Débora; Dulce María; "
    "Elizabeth; Esmeralda; Estefanía; Evelyn; Fátima; Fernanda; Frida; Gabriela; Génesis; "
    "Guadalupe; Ivanna; Itzel; Jazmín; Jimena; Josefina; Julieta; Karla; Kimberly; Leticia; "
    "Ma. del Carmen; María; María de la Luz; María de los Ángeles; María Fernanda; "
    "María Guadalupe de la Concepción Montserrat; María José; Mariana; Marisol; Martha Elena; "
    "Mayra; Melanie; Miriam; Monserrat; Nayeli; Noemí; Paola; Perla; Regina; Renata; Rocío; Romina; "
    "Rosa Isela; Rubí; Samantha; Sara; Sofía; Tania; Valeria; Ximena; Yamileth; Yoselín; Zoé"
)
_MEN = (
    "Aarón; Abraham; Adrián; Alan; Alejandro; Alexis; Álvaro; Andrés; Ángel; Ángel Gabriel; Antonio; "
    "Armando; Arturo; Axel; Benjamín; Brandon; Bruno; Carlos; César; Christian; Cristóbal; Daniel; "
    "David; Diego; Eduardo; Efraín; Emiliano; Emmanuel; Érick; Esteban; Fernando; Francisco Javier; "
    "Gael; Gerardo; Gilberto; Gustavo; Héctor; Hugo; Ian; Ignacio; Íñigo; Isaac; Israel; Iván; Jesús; "
    "Jesús Alberto; Jorge; José; José Ángel; José Guadalupe del Sagrado Corazón; José Luis; "
    "José María; Josué; Juan; Juan de Dios; Juan Pablo; Julián; Kevin; Leonardo; Luis; Luis Fernando; "
    "Manuel; Marcos; Martín; Mateo; Mauricio; Maximiliano; Miguel Ángel; Moisés; Néstor; Noé; Óscar; "
    "Pablo; Ramón; Raúl; Ricardo; Rodrigo; Rubén; Santiago; Saúl; Sebastián; Tadeo; Uriel; Víctor"
)
_SURNAMES = (
    "Acosta; Aguilar; Aguirre; Alvarado; Álvarez; Amador; Antúnez; Aranda; Arellano; Arias; Ávila; "
    "Ayala; Balderas; Barajas; Barrera; Bautista; Beltrán; Bermúdez; Bojórquez; Bravo; Briseño; "
    "Bustamante; Cabrera; Calderón; Camacho; Campos; Cano; Cárdenas; Carrillo; Castañeda; Castillo; "
    "Castro; Cedeño; Cervantes; Chávez; Contreras; Córdova; Corona; Coronado; Cortés; Cruz; Delgado; "
    "Díaz; Domínguez; Durán; Echeverría; Ek; Enríquez; Escobar; Espinoza; Esquivel; Estrada; "
    "Félix; Fernández; Figueroa; Flores; Franco; Fuentes; Galindo; Gallardo; Gámez; García; Garza; "
    "Gastélum; Gómez; González; Guerrero; Güemes; Gutiérrez; Guzmán; Hernández; Herrera; Huerta; "
    "Ibáñez; Ibarra; Jiménez; Juárez; Lara; León; Leyva; López; Lozano; Lugo; Luna; Macías; "
    "Maldonado; Marín; Márquez; Martínez; Medina; Mejía; Méndez; Mendoza; Meza; Miranda; Molina; "
    "Montaño; Montes; Mora; Morales; Moreno; Muñoz; Nájera; Nava; Navarro; Nevárez; Noriega; Núñez; "
    "Ñáñez; Ochoa; Ojeda; Olvera; Ordóñez; Orozco; Ortega; Ortiz; Osorio; Pacheco; Padilla; Palacios; "
    "Paredes; Patiño; Peña; Peralta; Pérez; Pineda; Pinto; Ponce; Puente; Quintero; Quiñones; "
    "Ramírez; Ramos; Rangel; Rentería; Reyes; Reynoso; Ríos; Rivas; Rivera; Robles; Rocha; Rodríguez; "
    "Rojas; Romero; Rosales; Rosas; Rubio; Ruiz; Salas; Salazar; Saldaña; Salinas; Sánchez; Sandoval; "
    "Santana; Santiago; Santos; Serrano; Sierra; Silva; Solano; Solís; Soto; Suárez; Tapia; Téllez; "
    "Toledo; Torres; Treviño; Trujillo; Uc; Ulloa; Urbina; Uribe; Valdez; Valencia; Valenzuela; "
    "Vargas; Vázquez; Vega; Velázquez; Vera; Villa; Villalobos; Villanueva; Villaseñor; Xool; Yáñez; "
    "Zamora; Zapata; Zárate; Zavala; Zúñiga"
)
_TWO_PART = (
    "De Anda; De Jesús; De la Cruz; De la Garza; De la Mora; De la O; De la Peña; De la Rosa; "
    "De la Torre; De León; De los Santos; Del Ángel; Del Río; Del Valle; Díaz de León; "
    "Fernández de Lara; Hernández de la Rosa; Montes de Oca; Monte de Oca y Villavicencio; "
    "Ponce de León; San Juan; San Martín; Santa Cruz; Van Dyck; Von der Heide"
)
_STREETS = (
    "Avenida Hidalgo; Avenida Independencia; Avenida Revolución; Avenida Universidad; "
    "Boulevard Solidaridad; Calle 5 de Mayo; Calle 16 de Septiembre; Calle Álvaro Obregón; "
    "Calle Aquiles Serdán; Calle Benito Juárez; Calle Cuauhtémoc; Calle de la Amargura; "
    "Calle Emiliano Zapata; Calle Francisco I. Madero; Calle Guadalupe Victoria; "
    "Calle Ignacio Allende; Calle Josefa Ortiz de Domínguez; Calle Lázaro Cárdenas; "
    "Calle Mariano Matamoros; Calle Miguel Hidalgo; Calle Morelos; Calle Niños Héroes; "
    "Calle Venustiano Carranza; Cerrada de los Naranjos; Privada Las Peñas; Retorno del Sol"
)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split("; "))


GIVEN = {
    "M": _listed(_WOMEN),
    "H": _listed(_MEN),
    "X": ("Alex", "Ariel", "Cruz", "Guadalupe", "Noa", "Trinidad"),
}
SURNAMES = _listed(_SURNAMES)
TWO_PART = _listed(_TWO_PART)
STREETS = _listed(_STREETS)
